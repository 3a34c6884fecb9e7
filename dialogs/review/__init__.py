"""Review codes, the start of a review, what changed since, and its reminder. A review fills in no answers."""
