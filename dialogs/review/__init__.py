"""Review codes, how a review begins, what changed since, and its reminder. No answer is filled in."""
