"""Packs, review codes and made-up cases for tests."""
