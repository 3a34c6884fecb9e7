"""Rehearsals as a mode of the conversation, and their connection with the store. A real case is out of their reach."""
