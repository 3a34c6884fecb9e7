"""Short notes, if an organisation takes them: their cards and buttons."""
