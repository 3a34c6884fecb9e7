"""What the bot runs on: settings, clock, errors, logs, single instance, private files. It knows no conversation."""
