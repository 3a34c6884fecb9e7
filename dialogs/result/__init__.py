"""The result: the action card and its log, the number, more steps, and the end. It asks no question of the form."""
