"""Tests that replay the recorded conversations (walks) of tests/walks."""
