"""A rehearsal compared with its key: what agrees, how far a group agrees, and how somebody gets on. It knows no real case."""
