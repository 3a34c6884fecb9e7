"""Tests of `dialogs/turn/`."""
