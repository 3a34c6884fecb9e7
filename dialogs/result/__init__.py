"""The result: the action card and its log, the number, more steps, and how it ends. It puts no question of the form."""
