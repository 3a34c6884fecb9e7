"""Tests of `bot/channels/web/`."""
