"""Tests of `bot/screening/`."""
