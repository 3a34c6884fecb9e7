"""The numbered SQL files that upgrade a database to this version, in order. Steps that need keys are in `preparing`."""
