"""The transition tables of conversations. Only this package imports `transitions`; it knows no wording and no items."""
