"""The tables, one module each: sealed on the way in, unsealed on the way out."""
