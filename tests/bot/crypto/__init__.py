"""Tests of `bot/crypto/`."""
