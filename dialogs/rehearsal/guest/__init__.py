"""Rooms for people without an account: the turn and card of a guest, and the slides of a trainer's screen."""
