"""Tests of who may do what, over Telegram from end to end."""
