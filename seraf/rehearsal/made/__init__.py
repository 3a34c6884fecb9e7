"""Cases made to measure for one rule, by exact search. There is no chance in it: the same seed, the same case."""
