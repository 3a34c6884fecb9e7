"""Tests of `dialogs/second_look/`."""
