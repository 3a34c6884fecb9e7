"""Tests of `bot/cli/people/`."""
