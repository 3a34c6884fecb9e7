"""Packs, codes and made-up cases for tests."""
