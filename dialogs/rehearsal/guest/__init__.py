"""A room without an account: a guest's turn and card, and the slides of a trainer's screen. It knows no person."""
