"""What is kept: a row a person, in memory or in SQLite, behind one contract.

It knows rows, not conversations: the texts it is given are sealed and never read.
"""
