"""Tests of `bot/operations/backup/`."""
