"""What earlier SERAFs leave standing: worked out by hand, and never less for answering more mildly."""

import random
from dataclasses import replace
from datetime import date

import pytest

from seraf.form.responses import Responses
from seraf.form.vocabulary import Age
from seraf.review.carry_over import Carried
from seraf.review.comparison import Outstanding, outstanding
from tests.support.counts import times
from tests.support.pack import other_board
from tests.support.shipped import INSTRUMENT

DAY = date(2027, 2, 1)
"""A day in the month of today's SERAF."""

NONE = {item.id: "no" for item in INSTRUMENT.items}


def seraf(year: int = 2027, month: int = 2, facts: dict[str, str] | None = None, **responses: str) -> Carried:
    """A SERAF of a month with these ticks and no others."""
    given = Responses.of(NONE | responses)
    told = Responses.of(facts or {"danger": "no", "told_or_seen": "no"})
    return Carried(year, month, Age.FROM_13_TO_15, "no", given, INSTRUMENT.fingerprint, facts=told)


def stands(*past: Carried, now: Carried | None = None) -> Outstanding:
    """What SERAFs of today's list leave standing in February 2027."""
    return outstanding([(each, INSTRUMENT) for each in past], (now or seraf()).case(), day=DAY, instrument=INSTRUMENT)


GRAVE = seraf(2026, 11, S2="both", S4="current", S5="current")
"""Sixteen points in November: Category 4."""


def test_signs_of_three_months_ago_that_are_all_denied_still_count() -> None:
    """They were in the six months before November, and so in the twelve before February."""
    found = stands(GRAVE)

    assert [item.id for item in found.items] == ["S2", "S4", "S5"]
    assert (found.category, found.gravest) == (4, GRAVE)
    assert found.as_facts() == {
        "earlier_category": {"4"},
        "still_counts": {"S2", "S4", "S5", "significant"},
    }


@pytest.mark.parametrize(
    ("then", "months_before", "counts"),
    [
        ({"S4": "current"}, 5, True),
        ({"S4": "current"}, 6, False),
        ({"S4": "recent"}, 0, True),
        ({"S4": "recent"}, 1, False),
        ({"V3": "yes"}, 36, True),
        ({"M9": "yes"}, 1, False),
        ({"S4": "not-known"}, 1, False),
    ],
)
def test_time_ends_what_it_can_end_and_nothing_else(then: dict[str, str], months_before: int, counts: bool) -> None:
    """A sign after its year; what happened at any time in the child's life never; what may have ended is not claimed."""
    months = 2027 * 12 + 1 - months_before
    found = stands(seraf(months // 12, months % 12 + 1, None, **then))

    assert bool(found.items) is counts


@pytest.mark.parametrize("answer", ["no", "not-known"])
def test_what_is_not_known_any_more_still_counts_as_what_is_denied_does(answer: str) -> None:
    """Neither says that it ended; once it is said to be there, it stands on its own."""
    assert "S2" in {item.id for item in stands(GRAVE, now=seraf(S2=answer)).items}
    assert "S2" not in {item.id for item in stands(GRAVE, now=seraf(S2="recent")).items}


def test_what_was_told_once_stays_told() -> None:
    """Of the facts beside the items it is that, and being moved, that no time ends; danger passes."""
    before = seraf(2026, 11, {"danger": "yes", "told_or_seen": "yes", "moved": "yes"})

    assert stands(before).facts == ("told_or_seen", "moved")
    assert stands(before, now=seraf(facts={"told_or_seen": "yes", "moved": "no"})).facts == ("moved",)


def test_of_several_the_gravest_stands_though_a_calmer_one_came_after() -> None:
    """A review in between, with a low number, takes nothing away."""
    calm = seraf(2027, 1)

    found = stands(GRAVE, calm)

    assert (found.category, found.gravest) == (4, GRAVE)
    assert [item.id for item in found.items] == ["S2", "S4", "S5"]


def test_a_list_that_is_not_known_any_more_is_not_taken_for_a_low_number() -> None:
    """How serious it was is not known: that is said, and never passes for calm."""
    found = outstanding([(GRAVE, None)], seraf().case(), day=DAY, instrument=INSTRUMENT)

    assert (found.category, found.unread) == (0, (GRAVE,))
    assert found.as_facts() == {"earlier_category": {"not-known"}, "still_counts": frozenset()}


def test_an_item_that_another_list_words_otherwise_is_not_compared() -> None:
    """What was asked then was another question."""
    given = Responses.of({item.id: item.section.options[0].id for item in other_board.INSTRUMENT.items})
    other = replace(GRAVE, responses=given, fingerprint=other_board.INSTRUMENT.fingerprint)

    found = outstanding([(other, other_board.INSTRUMENT)], seraf().case(), day=DAY, instrument=INSTRUMENT)

    labels = {item.label for item in other_board.INSTRUMENT.items}
    assert {item.label for item in found.items} <= labels


@pytest.mark.parametrize("seed", range(times(200, 20)))
def test_another_code_never_leaves_less_standing(seed: int) -> None:
    """Whatever was said before, one SERAF more that is looked back on only adds."""
    draw = random.Random(seed)
    some = [
        seraf(2026, month, None, **{item.id: draw.choice(item.section.options).id for item in INSTRUMENT.items})
        for month in draw.sample(range(1, 13), 3)
    ]
    fewer, all_of_them = stands(*some[:2]), stands(*some)

    assert fewer.category <= all_of_them.category
    assert {item.id for item in fewer.items} <= {item.id for item in all_of_them.items}
