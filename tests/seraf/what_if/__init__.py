"""Tests of `seraf/what_if/`."""
