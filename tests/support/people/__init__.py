"""People before a guarded conversation, one or many."""
