"""The cards of a closed chat. It knows no session, so it can show nothing of a case."""
