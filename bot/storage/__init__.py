"""The store of people and of the bot, in SQLite. It knows rows, not conversations: texts are sealed and never read."""
