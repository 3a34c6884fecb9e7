"""Generated cases for one target each, found by exact search. Nothing is random: the same seed gives the same case."""
