"""Walks: whole conversations in plain text, read, written and replayed through the core, the terminal and Telegram."""
