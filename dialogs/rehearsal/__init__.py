"""The turns and cards of a rehearsal. Nothing here can read or change the session of a real case."""
