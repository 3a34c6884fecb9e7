"""The pages of the result: the action card with its log, the score, more steps, and the end."""
