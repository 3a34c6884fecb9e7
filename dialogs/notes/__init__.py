"""Short notes, where an organisation takes them: its words and its buttons."""
