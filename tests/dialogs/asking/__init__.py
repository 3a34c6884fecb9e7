"""Tests of `dialogs/asking.py`."""
