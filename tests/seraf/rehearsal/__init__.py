"""Tests of `seraf/rehearsal/`."""
