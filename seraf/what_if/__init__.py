"""What could still raise a result, and what is worth finding out. It never looks for a way down."""
