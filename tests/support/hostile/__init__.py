"""Hostile input, made by seed, and what becomes of it."""
