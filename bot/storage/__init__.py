"""The store of people and of the bot's own data, in SQLite. It seals the texts that it is given, and does not interpret them."""
