"""The transition tables of conversations. Only this package imports `transitions`. It has no texts and no items."""
