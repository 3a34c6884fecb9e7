"""Bots against the fake Bot API, and the people who tap."""
