"""What every store promises of what outlasts every case: editions, checks of contacts, counts by month."""
