"""Tests of `dialogs/summary/`."""
