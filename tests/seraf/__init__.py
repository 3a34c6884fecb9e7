"""Tests of `seraf/`."""
