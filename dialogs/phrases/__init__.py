"""Phrases that several cards share: the number, whom to call, sources. It has no button."""
