"""Housekeeping, rotation of keys, and what commands do to a whole store. It shows no card."""
