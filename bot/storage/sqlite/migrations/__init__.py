"""The numbered SQL files that bring a database to this version, in order. What has to be sealed anew with them is not here."""
