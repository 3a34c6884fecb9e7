"""The store of people and of the bot, in SQLite, in a file or in memory.

It knows rows, not conversations: the texts that it is given are sealed and never read.
"""
