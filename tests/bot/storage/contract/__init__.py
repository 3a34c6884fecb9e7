"""What every store promises, part by part, tried over memory and SQLite alike."""
