"""Tests of `seraf/review/`."""
