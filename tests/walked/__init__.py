"""Tests of `walked/`."""
