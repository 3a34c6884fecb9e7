"""Rehearsals between store and core: a mode separate from the conversation, without access to a real case."""
