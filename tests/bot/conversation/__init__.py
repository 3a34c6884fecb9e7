"""Tests of `bot/conversation/`."""
