"""Short notes, where an organisation takes them: its words and its buttons. It does not find out who could be meant."""
