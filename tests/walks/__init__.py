"""Whole conversations that a practitioner can read. `python -m tests.walks --write` brings their cards up to date."""
