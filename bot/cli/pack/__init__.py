"""Commands for a board's own pack and its made-up cases: begun, checked, compared, tried, signed, taught. They show no real case."""
