"""Tests of the organisation's sign-in."""
