"""Compares the answers of a person or a group with the agreed answers of a practice case, and tracks progress."""
