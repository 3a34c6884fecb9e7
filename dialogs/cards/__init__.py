"""Which card is shown now, and which buttons are on it. It changes no session."""
