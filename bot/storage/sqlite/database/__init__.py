"""The database file: connection, transactions, versions, copies. It knows no table."""
