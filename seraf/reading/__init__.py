"""Files become a pack, or every fault in them at once, each with its path. It decides nothing about a case."""
