"""Tests of `dialogs/guide/`."""
