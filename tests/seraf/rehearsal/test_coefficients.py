"""Percent agreement, Krippendorff's alpha and Gwet's AC1 against worked examples, two libraries and a plain oracle."""

import csv
import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seraf.rehearsal.agreement import (
    Coefficient,
    Counts,
    Estimate,
    Interval,
    Scale,
    ScaleNumbers,
    Undefined,
    Why,
    mean_agreement,
    percent_agreement,
    scale_numbers,
)
from tests.support.counts import times
from tests.support.oracles import oracle
from tests.support.places import TESTS

GOLDEN = TESTS / "golden" / "agreement.csv"
"""500 tables with the results of irrCAC 0.4.4, which needs older libraries and so an environment of its own.
`tests/golden/irrcac.py` draws the tables, and explains how to make the file again.
"""

EXAMPLE = ("1.11", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", ".555", "..11", "..3.")
"""Twelve items answered by four people, with gaps (Krippendorff 2011; Gwet 2014 has the same)."""

Table = tuple[tuple[int | None, ...], ...]
"""A row for each item and a column for each person. None is a missing answer."""


def table_of(rows: tuple[str, ...], first: int) -> Table:
    return tuple(tuple(None if each == "." else int(each) - first for each in row) for row in rows)


def counted(table: Table, options: int) -> Scale:
    return tuple(tuple(row.count(option) for option in range(options)) for row in table)


def value_of(number: Coefficient) -> Fraction | None:
    return number.value if isinstance(number, Estimate) else None


def written(number: Coefficient) -> list[float | None]:
    if isinstance(number, Undefined):
        return [None, None, None]
    around = number.interval
    return [float(number.value), *((float(around.low), float(around.high)) if around else (None, None))]


def as_krippendorff(options: int, table: Table) -> float:
    rows = [[math.nan if each is None else float(each) for each in row] for row in table]
    return float(
        oracle("krippendorff").alpha(
            reliability_data=oracle("numpy").array(rows).T,
            level_of_measurement="nominal",
            value_domain=[float(each) for each in range(options)],
        )
    )


def pairs_of(row: tuple[int | None, ...]) -> list[tuple[int, int]]:
    return list(combinations([each for each in row if each is not None], 2))


def plain_percent(table: Table) -> Fraction:
    shares = [Fraction(sum(a == b for a, b in pairs), len(pairs)) for row in table if (pairs := pairs_of(row))]
    return sum(shares, Fraction()) / len(shares)


def plain_alpha(table: Table) -> Fraction | None:
    rows = [[each for each in row if each is not None] for row in table if pairs_of(row)]
    everything = [each for row in rows for each in row]
    unlike = sum((Fraction(sum(a != b for a, b in permutations(row, 2)), len(row) - 1) for row in rows), Fraction())
    expected = Fraction(sum(a != b for a, b in permutations(everything, 2)), len(everything) - 1)
    return 1 - unlike / expected if expected else None


def plain_ac1(table: Table, options: int) -> Fraction:
    rows = [[each for each in row if each is not None] for row in table]
    rows = [row for row in rows if row]
    chance = Fraction()
    for option in range(options):
        share = sum((Fraction(row.count(option), len(row)) for row in rows), Fraction()) / len(rows)
        chance += share * (1 - share)
    chance /= options - 1
    percent = plain_percent(table)
    return (percent - chance) / (1 - chance)


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, Table]:
    options = draw(st.integers(2, 5))
    people = draw(st.integers(2, 7))
    response = st.one_of(st.none(), st.integers(0, options - 1))
    rows = draw(st.lists(st.tuples(*[response] * people), min_size=1, max_size=8))
    both = draw(st.tuples(st.integers(0, options - 1), st.integers(0, options - 1)))
    return options, (*rows, both + (None,) * (people - 2))


def golden() -> Iterator[tuple[int, Table, list[float | None]]]:
    with GOLDEN.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            expected = [float(each) if each else None for each in list(row.values())[2:]]
            yield int(row["options"]), table_of(tuple(row["table"].split()), 0), expected


def test_the_published_example_comes_out_as_published() -> None:
    """Alpha 0.743 (Krippendorff 2011); percent agreement 0.818 and AC1 0.775 (Gwet 2014)."""
    scale = counted(table_of(EXAMPLE, 1), 5)
    found = scale_numbers(scale)

    assert (found.options, found.items) == (5, 11)
    assert round(written(found.alpha)[0] or 0, 3) == 0.743
    assert round(float(mean_agreement(scale) or 0), 5) == 0.81818
    assert round(written(found.ac1)[0] or 0, 5) == 0.77544


def test_five_hundred_tables_come_out_as_two_libraries_have_them() -> None:
    """Figures and intervals equal irrCAC's to 5 places, and alpha also krippendorff's. Undefined ones have a reason."""
    faults, compared = [], 0
    for options, table, expected in golden():
        scale = counted(table, options)
        found, percent = scale_numbers(scale), mean_agreement(scale)
        ours = [None if percent is None else float(percent), *written(found.alpha), *written(found.ac1)]
        pairs = [(mine, theirs) for mine, theirs in zip(ours, expected, strict=True) if theirs is not None]
        compared += len(pairs)
        alpha = value_of(found.alpha)
        if alpha is not None:
            pairs.append((float(alpha), round(as_krippendorff(options, table), 9)))
        faults += [(table, ours) for mine, theirs in pairs if mine is None or abs(mine - theirs) > 6e-6]

    assert faults == []
    assert compared == 3_324


@settings(max_examples=times(2_000, 30), deadline=None)
@given(drawn=tables())
def test_alpha_is_that_of_a_library(drawn: tuple[int, Table]) -> None:
    options, table = drawn
    found = scale_numbers(counted(table, options)).alpha

    if isinstance(found, Undefined):
        assert found.why is Why.NOTHING_VARIED
        assert len({each for row in table if pairs_of(row) for each in row} - {None}) == 1
    else:
        assert float(found.value) == pytest.approx(as_krippendorff(options, table), abs=1e-9)


@settings(max_examples=times(2_000, 30), deadline=None)
@given(drawn=tables())
def test_all_three_are_those_of_a_plain_oracle(drawn: tuple[int, Table]) -> None:
    options, table = drawn

    scale = counted(table, options)
    found = scale_numbers(scale)

    assert mean_agreement(scale) == plain_percent(table)
    assert value_of(found.alpha) == plain_alpha(table)
    assert value_of(found.ac1) == plain_ac1(table, options)


@settings(max_examples=times(1_000, 25), deadline=None)
@given(drawn=tables(), chance=st.randoms(use_true_random=False))
def test_neither_the_order_of_people_nor_that_of_items_changes_anything(
    drawn: tuple[int, Table], chance: object
) -> None:
    options, table = drawn
    shuffle = getattr(chance, "shuffle")  # noqa: B009 - hypothesis gives an object without a public type
    people, names = list(range(len(table[0]))), list(range(options))
    shuffle(people)
    shuffle(names)
    mixed = [tuple(None if row[each] is None else names[row[each] or 0] for each in people) for row in table]
    shuffle(mixed)

    assert scale_numbers(counted(tuple(mixed), options)) == scale_numbers(counted(table, options))


@settings(max_examples=times(1_000, 25), deadline=None)
@given(drawn=tables())
def test_no_number_is_above_one_and_one_means_that_all_agree(drawn: tuple[int, Table]) -> None:
    options, table = drawn
    scale = counted(table, options)

    percent, found = mean_agreement(scale), scale_numbers(scale)

    assert percent is not None
    assert 0 <= percent <= 1
    for number in (found.alpha, found.ac1):
        if isinstance(number, Estimate):
            assert number.value <= 1
            assert (number.value == 1) == (percent == 1)
            assert number.interval is None or number.interval.low <= number.value <= number.interval.high <= 1


@settings(max_examples=times(500, 16), deadline=None)
@given(usual=st.lists(st.integers(0, 2), min_size=1, max_size=8), people=st.integers(2, 9))
def test_where_everyone_agrees_percent_and_ac1_are_one_and_alpha_needs_two_responses(
    usual: list[int], people: int
) -> None:
    """If only one response occurs, alpha expects no disagreement, and so is undefined."""
    table = tuple((each,) * people for each in usual)

    found = scale_numbers(counted(table, 3))

    whole = Estimate(Fraction(1), Interval(Fraction(1), Fraction(1)) if len(usual) > 1 else None)
    alpha = whole if len(set(usual)) > 1 else Undefined(Why.NOTHING_VARIED)
    assert found.alpha == alpha
    assert value_of(found.ac1) == 1
    assert mean_agreement(counted(table, 3)) == 1


@settings(max_examples=times(500, 16), deadline=None)
@given(drawn=tables())
def test_one_more_person_who_agrees_keeps_an_item_that_all_agree_on(drawn: tuple[int, Table]) -> None:
    """A person who gives the most common response never reduces the agreement on an item."""
    options, table = drawn
    for counts in counted(table, options):
        before = percent_agreement(counts)
        most = counts.index(max(counts))
        after = percent_agreement(tuple(count + (index == most) for index, count in enumerate(counts)))

        assert before is None or (after is not None and after >= before)
        assert before != 1 or after == 1


@pytest.mark.parametrize("scale", [(), ((0, 0), (1, 0)), ((0, 1), (0, 0))])
def test_without_two_people_at_one_item_agreement_is_undefined(scale: Scale) -> None:
    none = Undefined(Why.NOBODY_TO_COMPARE)

    assert scale_numbers(scale) == ScaleNumbers(len(scale) and 2, 0, none, none)
    assert mean_agreement(scale) is None


@pytest.mark.parametrize(
    ("counts", "share"),
    [((5, 0), Fraction(1)), ((1, 1), Fraction(0)), ((3, 2), Fraction(2, 5)), ((1, 0), None), ((0, 0, 0), None)],
)
def test_the_share_of_like_pairs_at_one_item(counts: Counts, share: Fraction | None) -> None:
    assert percent_agreement(counts) == share


def test_percent_agreement_is_over_all_kinds_of_items() -> None:
    """Shares of equal pairs at four items with two or three options: 1/2, 1/2, 1 and 1/3; their mean is 7/12."""
    assert mean_agreement(((3, 1), (1, 3), (4, 0, 0), (2, 2, 0), (1, 0))) == Fraction(7, 12)


def test_a_scale_of_one_option_cannot_differ() -> None:
    """A board could define such an item. It must not lead to a division by zero."""
    found = scale_numbers(((4,),))

    assert found == ScaleNumbers(1, 1, Undefined(Why.NOTHING_VARIED), Estimate(Fraction(1), None))
