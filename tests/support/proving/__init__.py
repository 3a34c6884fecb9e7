"""Proves the promises of docs/promises.md one by one with full counts, stores the results, and writes the table."""
