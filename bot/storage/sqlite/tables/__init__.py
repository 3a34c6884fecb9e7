"""The tables as SQL, one module a part: sealed on the way in, unsealed on the way out. They know no transactions."""
