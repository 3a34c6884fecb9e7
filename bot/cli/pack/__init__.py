"""Commands for a board's own pack and its made-up cases. They show no real case."""
