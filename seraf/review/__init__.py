"""A SERAF as carried over to its review, and the changes since. It holds no name, free text or day of the month."""
