"""Tests of `seraf/rehearsal/made/`."""
