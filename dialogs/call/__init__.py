"""What to say on the telephone: its words and its buttons. It rings nobody."""
