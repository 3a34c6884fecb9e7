"""Tests of `dialogs/core/`."""
