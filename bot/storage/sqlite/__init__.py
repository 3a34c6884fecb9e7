"""A store that lasts: one SQLite file, every value sealed. It knows no conversation.

A call is one transaction and one hop to the database's thread: `parts` and `store` begin it, `tables` is the SQL within.
"""
