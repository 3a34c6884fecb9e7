"""Functions that draw a session's card and its buttons. They never change the session."""
