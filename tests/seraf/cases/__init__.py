"""Tests of `seraf/cases/`."""
