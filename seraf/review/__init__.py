"""A SERAF as it is carried over to its review, and the changes since. It holds no name, free text or day."""
