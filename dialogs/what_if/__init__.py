"""What could raise a result, and what to find out: its words and its buttons. It looks for no way down."""
