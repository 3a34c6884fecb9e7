"""Tests of `dialogs/form/`."""
