"""Tests of `dialogs/cards/`."""
