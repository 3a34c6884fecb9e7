"""Tests of `dialogs/result/`."""
