"""Parsers that turn the files of a pack into a `Pack`, or report every fault at once, each with its path."""
