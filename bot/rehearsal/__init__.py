"""Rehearsals, from the store to `dialogs`: a mode apart from the conversation, without access to a real case."""
