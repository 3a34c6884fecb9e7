"""Rehearsal rooms that a link opens: guests, and a trainer's screen. They can reach no real case and no account."""
