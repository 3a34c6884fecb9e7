"""Tests of cases that several people see."""
