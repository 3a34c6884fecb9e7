"""The contract that every store fulfils, tested on stores in memory and in SQLite alike."""
