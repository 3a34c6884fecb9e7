"""Walks: recorded conversations as plain text (tests/walks). They are read, written, and replayed in every channel."""
