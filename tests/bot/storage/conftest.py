"""Fixture of the store's tests: at each commit, what the ledger counted is compared with what database triggers saw."""

from tests.support.store.oracle import told_by_triggers

__all__ = ["told_by_triggers"]
