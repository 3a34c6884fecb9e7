"""Tests of `state_machines/`."""
