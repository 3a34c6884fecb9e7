"""Tests of the store in PostgreSQL that SQLite has no like of."""
