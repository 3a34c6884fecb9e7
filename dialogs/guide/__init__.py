"""The guide on the screen: its words and its buttons. It knows no case."""
