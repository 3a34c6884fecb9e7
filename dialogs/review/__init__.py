"""Carry-over codes, how a review begins, the changes since, and its reminder. No answer is filled in."""
