"""Tests of `bot/runtime/`."""
