"""Tests of `dialogs/call/`."""
