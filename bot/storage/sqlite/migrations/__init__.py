"""The numbered SQL files that upgrade a database to this version, in order. Work that needs keys is not here."""
