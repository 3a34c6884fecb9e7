"""Tests of `seraf/score/`."""
