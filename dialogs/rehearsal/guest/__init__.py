"""A room without an account: the turn and card of a guest, and the slides of a trainer's screen. No account is known here."""
