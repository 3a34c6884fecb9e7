"""What could still raise a result, and which unknown items to ask about. It never shows how a result could fall."""
