"""Tests, over Telegram from end to end, of who may do what."""
