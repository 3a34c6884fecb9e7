"""Tests of `dialogs/notes/`."""
