"""Generated cases for one target each, found by exact search: the same seed always gives the same case."""
