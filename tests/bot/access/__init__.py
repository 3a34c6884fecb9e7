"""Tests of `bot/access/`."""
