"""The transition tables of conversations. Only this package imports `transitions`. It contains no texts or items."""
