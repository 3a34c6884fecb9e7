"""The card that is shown now, and its buttons. It changes no session."""
