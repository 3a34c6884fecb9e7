"""A store that lasts: one SQLite file, every value sealed."""
