"""Tests of `bot/conversation/people/`."""
