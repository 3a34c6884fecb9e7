"""Tests of `seraf/form/`."""
