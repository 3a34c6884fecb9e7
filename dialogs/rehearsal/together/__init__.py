"""Rooms and pairs: what each sees of the others, the report, the buttons. Nobody's name is in any of it."""
