"""What is kept of people and of the bot: in memory or in SQLite, behind one contract.

It knows rows, not conversations: the texts it is given are sealed and never read.
"""
