"""Rehearsals between store and core: a mode apart from the conversation. It has no way to a real case."""
