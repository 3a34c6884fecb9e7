"""A SERAF carried to its review, and what changed since. It holds no name, text or day."""
