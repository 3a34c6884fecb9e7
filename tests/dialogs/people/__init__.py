"""Tests of the values and cards of people."""
