"""The card of a session, and its buttons. Nothing here changes a session."""
