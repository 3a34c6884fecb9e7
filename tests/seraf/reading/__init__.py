"""Tests of `seraf/reading/`."""
