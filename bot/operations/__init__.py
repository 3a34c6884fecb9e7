"""Work on a whole store: housekeeping, backups, key rotation, upgrades, and the bot's reports on itself."""
