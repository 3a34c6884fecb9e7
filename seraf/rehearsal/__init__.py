"""Compare a rehearsal with its key, compare a group, and track a person's progress. No real case is known here."""
