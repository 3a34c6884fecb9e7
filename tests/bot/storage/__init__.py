"""Tests of `bot/storage/`."""
