"""The SQLite database under the store: its file, connections, transactions, migrations and examination."""
