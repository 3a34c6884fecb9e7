"""Rehearsals: a mode apart from the conversation, without access to a real case. Connects `dialogs` with the store."""
