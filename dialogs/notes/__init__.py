"""Short notes, if an organisation takes them: their words and buttons. It does not identify anybody."""
