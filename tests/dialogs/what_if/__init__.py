"""Tests of `dialogs/what_if/`."""
