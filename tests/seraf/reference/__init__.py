"""Tests of `seraf/reference/`."""
