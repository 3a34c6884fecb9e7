"""Rehearsals between store and core: a mode beside the conversation. It has no way to a real case."""
