"""Tests of `seraf/advice/`."""
