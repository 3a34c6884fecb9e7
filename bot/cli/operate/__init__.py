"""Commands that keep the bot running: set-up, check, backup, keys, purge, run. They show nothing of a case."""
