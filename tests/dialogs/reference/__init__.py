"""Tests of `dialogs/reference/`."""
