"""The PostgreSQL database under the store: its address, connections, transactions, schema and lease."""
