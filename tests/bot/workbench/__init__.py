"""Tests of `bot/workbench/`."""
