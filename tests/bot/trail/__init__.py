"""Tests of `bot/trail/`."""
