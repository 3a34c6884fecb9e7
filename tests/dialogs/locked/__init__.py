"""Tests of `dialogs/locked/`."""
