"""Tests of `bot/workbench`."""
