"""The numbered SQL files that bring a database to this version, in order."""
