"""Tests of `bot/trust/`."""
