"""`step` takes a session and an event, and returns the next session. It draws no card and handles no rehearsal."""
