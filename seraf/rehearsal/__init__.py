"""Comparison of a person or a group with the agreed answers of a practice case, and a person's progress."""
