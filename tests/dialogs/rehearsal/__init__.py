"""Tests of `dialogs/rehearsal/`."""
