"""A small world of people and cases, in which the rules of a second look are tried, and a judge that reads its history alone."""
