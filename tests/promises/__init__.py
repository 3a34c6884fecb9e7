"""Tests of the promises in docs/promises.md."""
