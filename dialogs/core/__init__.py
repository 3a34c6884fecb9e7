"""A conversation as values: session, event, reply, act, overlay, script, wording, and their text. It shows no card."""
