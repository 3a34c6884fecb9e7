"""Promises proven one by one with their full counts, what came of it kept, and the table in docs/promises.md."""
