"""Fixtures of the store's tests, in which the database's own triggers also record what was written."""

from tests.support.store.oracle import told_by_triggers

__all__ = ["told_by_triggers"]
