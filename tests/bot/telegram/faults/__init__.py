"""Tests of `bot/telegram/faults/`."""
