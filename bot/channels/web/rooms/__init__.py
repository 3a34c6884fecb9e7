"""Rooms by a link: guests, and the screen of a trainer. It can reach no real case, no person and no account."""
