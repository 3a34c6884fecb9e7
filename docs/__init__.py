"""The documents of the project, and the programs that write those of them that are drawn from code and data."""
