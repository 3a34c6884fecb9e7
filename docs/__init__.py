"""The documents of the project, and the programs that generate some of them from code and data."""
