"""Parsers that turn the files of a pack into a `Pack`, or else report every fault at once, each with its path."""
