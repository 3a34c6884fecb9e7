"""Tests of seeds: a seed gives the same order in every release."""

from seraf.cases.seed import Seed

NAMES = ("A", "B", "C", "D", "E", "F", "G")


def test_the_order_that_a_seed_gives_is_the_same_in_every_release() -> None:
    """The figures in the documents and the number of a drill rest on it."""
    assert Seed("family 7").ordered(NAMES, "fillers") == ("A", "C", "B", "D", "E", "G", "F")
    assert Seed("family 8").ordered(NAMES, "fillers") == ("G", "F", "C", "B", "E", "D", "A")
    assert Seed("family 7").ordered(NAMES, "opening") == ("E", "C", "D", "G", "A", "B", "F")
