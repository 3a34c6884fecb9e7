"""Tests of the parts of a made-up case: a seed gives the same order in every release, and texts fit the child's age."""

import re

import pytest

from seraf.cases.fragments import FORMS, Child, filled, places_of, times_of
from seraf.cases.seed import Seed
from seraf.rehearsal.made.made_case import measure
from seraf.rehearsal.made.targets import Target
from tests.support.shipped import PACK

NAMES = ("A", "B", "C", "D", "E", "F", "G")


def test_the_order_that_a_seed_gives_is_the_same_in_every_release() -> None:
    """Of a case in progress only the seed is stored, so another order would change the case."""
    assert Seed("family 7").ordered(NAMES, "fillers") == ("A", "C", "B", "D", "E", "G", "F")
    assert Seed("family 8").ordered(NAMES, "fillers") == ("G", "F", "C", "B", "E", "D", "A")
    assert Seed("family 7").ordered(NAMES, "opening") == ("E", "C", "D", "G", "A", "B", "F")


@pytest.mark.parametrize("aim", [Target.UNDER_13, Target.JUDGEMENT])
def test_a_made_up_case_fits_the_age_of_its_child(aim: Target) -> None:
    fragments = PACK.fragments
    assert fragments is not None
    lines = [(line.text, said.ages) for said in fragments.said if said.ages for line in said.lines]
    bound = [(max(re.split(r"\{\w+\}", text), key=len), ages) for text, ages in lines]

    cases = [measure(fragments, PACK, aim=aim, seed=seed) for seed in range(40)]

    assert [
        (it.id, words) for it in cases for words, ages in bound if words in it.text and it.key.age not in ages
    ] == []


def test_pronouns_and_names_are_filled_in() -> None:
    places = places_of(Child("Robin", "they"), 14, home="with {their} mother") | times_of({"soon": "last week"})

    text = "{They} {are} {years}, {home}. {Soon} {they} left. {Their} aunt rang {soon}."
    assert filled(text, places) == "They are 14, with their mother. Last week they left. Their aunt rang last week."
    assert [FORMS[pronoun]["have"] for pronoun in ("he", "she", "they")] == ["has", "has", "have"]
