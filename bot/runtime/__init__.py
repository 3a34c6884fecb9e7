"""The basis of the bot: settings, clock, errors, logs, single instance, private files. It needs no conversation."""
