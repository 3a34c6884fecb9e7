"""Tests of `seraf/calibration/`."""
