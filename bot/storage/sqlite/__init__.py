"""The SQLite file under the store, every value in it sealed. It knows no conversation."""
