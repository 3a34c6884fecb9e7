"""The pages of the result: the action card and its log, the score, more steps, and the last page."""
