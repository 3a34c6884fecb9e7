"""P3 of docs/promises.md: no score is wrong. The product agrees in every part with a separately written oracle."""

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations_with_replacement

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seraf.advice.answer import score_as_values
from seraf.case_view import CaseView
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from tests.support.counts import times
from tests.support.oracle import AGES, ALL, OPTIONS, M, S, V, scored
from tests.support.places import TESTS
from tests.support.promising import Promise
from tests.support.shipped import INSTRUMENT

WORKED = TESTS / "scores" / "worked.csv"
TODAY = date(2026, 3, 4)
EDGES = (6, 11, 16)
WINDOWS = {"c": "current", "r": "recent", "b": "both"}
POINTS = {"c": 5, "r": 1, "b": 6}


def by_the_product(age: str, responses: dict[str, str], today: date = TODAY) -> dict[str, object]:
    return score_as_values(CaseView(INSTRUMENT, Case(Age(age), Responses.of(responses))).find(today=today))


def random_seraf(draw: random.Random) -> tuple[str, dict[str, str]]:
    """Return a random age and responses. How many items are answered, and how many of them present, varies widely."""
    answered, present, unknown = draw.random(), draw.random(), draw.random() ** 3
    responses = {}
    for item in ALL:
        if draw.random() < answered:
            kinds = OPTIONS[item][:-2] if draw.random() < present else OPTIONS[item][-2:-1]
            responses[item] = "not-known" if draw.random() < unknown else draw.choice(kinds)
    return draw.choice(AGES), responses


def filled(draw: random.Random, vulnerabilities: int, moderate: int, windows: Sequence[str]) -> dict[str, str]:
    responses = dict.fromkeys(ALL, "no")
    responses |= dict.fromkeys((*draw.sample(V, vulnerabilities), *draw.sample(M, moderate)), "yes")
    chosen = draw.sample(S, len(windows))
    return responses | {item: WINDOWS[window] for item, window in zip(chosen, windows, strict=True)}


def ways_to(total: int) -> Iterator[tuple[str, int, int, tuple[str, ...]]]:
    for size in range(len(S) + 1):
        for windows in combinations_with_replacement("crb", size):
            for age in ("under-13", "13-15"):
                added = 5 if windows and age == "under-13" else 0
                rest = total - added - sum(POINTS[each] for each in windows)
                yield from ((age, v, rest - v, windows) for v in range(len(V) + 1) if 0 <= rest - v <= len(M))


@pytest.mark.parametrize(
    "row", list(csv.DictReader(WORKED.open(encoding="utf-8"))), ids=lambda row: "-".join(row.values())
)
def test_the_arithmetic_worked_by_hand_holds(row: dict[str, str]) -> None:
    """Each row of the table of scores that was worked out by hand from the guidance."""
    age = "under-13" if row["under_13"] == "yes" else "13-15"
    responses = filled(random.Random(1), int(row["vulnerabilities"]), int(row["moderate"]), tuple(row["significant"]))

    found = by_the_product(age, responses)

    expected = (int(row["total"]), int(row["category"]), row["manager_discussion"])
    assert (found["total"], found["category"], found["manager_discussion"]) == expected


@pytest.mark.prove
def test_random_serafs_score_as_the_oracle(promise: Promise) -> None:
    draw, count = random.Random(20190430), times(100_000, 1_000)

    for _ in range(count):
        age, responses = random_seraf(draw)
        today = draw.choice((TODAY, date(2019, 4, 30), date(2019, 5, 1), date(2018, 1, 1)))
        assert by_the_product(age, responses, today) == scored(age, responses, today), (age, responses, today)
    promise.reached("P3", asked=count, reached=count, of="random SERAFs scored as by the oracle")


@pytest.mark.prove
@settings(max_examples=times(2_000, 60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(AGES), st.fixed_dictionaries({}, optional={item: st.sampled_from(OPTIONS[item]) for item in ALL})
)
def test_a_seraf_that_scores_otherwise_than_the_oracle_is_made_small(
    promise: Promise, age: str, responses: dict[str, str]
) -> None:
    """P3: hypothesis draws SERAFs, and reports the smallest one whose scores differ."""
    assert by_the_product(age, responses) == scored(age, responses, TODAY)
    promise.reached("P3", asked=1, reached=1, of="SERAFs drawn by hypothesis")


@pytest.mark.prove
@pytest.mark.parametrize("total", [edge + by for edge in EDGES for by in (-2, -1, 0, 1, 2)])
def test_every_way_to_a_total_at_a_band_edge_scores_as_the_oracle(total: int, promise: Promise) -> None:
    """P3: every combination of section subtotals with this total, each with random items."""
    draw, count = random.Random(total), times(10, 2)
    ways = list(ways_to(total))

    for age, vulnerabilities, moderate, windows in ways:
        for _ in range(count):
            responses = filled(draw, vulnerabilities, moderate, windows)
            found = by_the_product(age, responses)
            assert found == scored(age, responses, TODAY), (age, responses)
            assert found["total"] == total

    assert len(ways) > total
    tried = len(ways) * count
    promise.reached("P3", asked=tried, reached=tried, of="SERAFs within two points of a band edge")


def test_the_oracle_knows_the_same_form_as_the_pack() -> None:
    """With other items or options, agreement of the two scores would prove nothing."""
    form = {item.id: tuple(option.id for option in item.section.options) for item in INSTRUMENT.items}

    assert list(form) == list(ALL)
    assert form == OPTIONS
