"""One class a table, over a session: sealed on the way in, unsealed on the way out. They know no transactions."""
