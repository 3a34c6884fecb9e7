"""What could still raise a result, and which unknown items to ask about. It never looks for ways to lower a result."""
