"""Generates practice cases, each for one target, by exhaustive search. The same seed gives the same case."""
