"""The turn of a conversation: `step` takes a session and an event, and returns the session after it and effects."""
