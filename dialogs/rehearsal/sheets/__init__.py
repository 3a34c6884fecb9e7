"""Answers that were given on paper: typed in, kept as rows without names, and compared like those of a room."""
