"""Tests of `bot/summaries/`."""
