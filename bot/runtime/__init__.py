"""What the rest of the bot builds on: settings, clock, errors, logs, single instance, private files."""
