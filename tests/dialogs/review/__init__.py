"""Tests of `dialogs/review/`."""
