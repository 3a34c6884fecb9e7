"""Tests of comparing two SERAFs, worked out by hand for each response, and of what still applies from earlier ones."""

import random
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from seraf.form.instrument import Instrument, Option
from seraf.form.responses import NOTHING, Responses
from seraf.form.vocabulary import Age
from seraf.review.carry_over import Carried
from seraf.review.comparison import How, Outstanding, compare, how, outstanding
from tests.support.counts import times
from tests.support.pack import other_board
from tests.support.pack.carrying import MARCH
from tests.support.shipped import INSTRUMENT

SAME, NEW, FOUND, PASSED, UNKNOWN, ENDED, AT_ODDS, RULED_OUT = (
    *(How.SAME, How.NEW, How.FOUND, How.PASSED),
    *(How.UNKNOWN, How.ENDED, How.AT_ODDS, How.RULED_OUT),
)
MONTHS = range(15)

Table = dict[tuple[str, str], How | tuple[int, How, How]]

AT_ANY_TIME: Table = {
    ("?", "?"): SAME,
    ("?", "no"): RULED_OUT,
    ("?", "yes"): FOUND,
    ("no", "?"): UNKNOWN,
    ("no", "no"): SAME,
    ("no", "yes"): NEW,
    ("yes", "?"): UNKNOWN,
    ("yes", "no"): AT_ODDS,
    ("yes", "yes"): SAME,
}
"""Vulnerabilities: one that was ever present still counts, however long ago that was said."""

ONE_WINDOW: Table = {**AT_ANY_TIME, ("yes", "no"): (6, PASSED, ENDED)}
"""Moderate indicators: after six months time alone explains a No; before that, the sign is said to have ended."""

TWO_WINDOWS: Table = {
    **{("?", now): FOUND for now in ("current", "recent", "both")},
    **{(then, "?"): UNKNOWN for then in ("no", "current", "recent", "both")},
    **{("no", now): NEW for now in ("current", "recent", "both")},
    **{(each, each): SAME for each in ("?", "no", "current", "recent", "both")},
    ("?", "no"): RULED_OUT,
    ("recent", "current"): NEW,
    ("recent", "both"): NEW,
    ("current", "both"): NEW,
    ("both", "current"): PASSED,
    ("both", "recent"): PASSED,
    ("current", "recent"): PASSED,
    ("recent", "no"): (1, PASSED, AT_ODDS),
    ("current", "no"): (6, PASSED, AT_ODDS),
    ("both", "no"): (6, PASSED, AT_ODDS),
}
"""Significant indicators: a No contradicts the earlier answer while that sign lies within the past 12 months."""

TABLES = {"vulnerability": AT_ANY_TIME, "moderate": ONE_WINDOW, "significant": TWO_WINDOWS}


def option(section: str, word: str, instrument: Instrument = INSTRUMENT) -> Option | None:
    return None if word == "?" else instrument.of_section(section)[0].option(word)


def expected(table: Table, then: str, now: str, months: int) -> How:
    said = table[then, now]
    if not isinstance(said, tuple):
        return said
    from_month, later, sooner = said
    return later if months >= from_month else sooner


@pytest.mark.parametrize("section", TABLES)
def test_every_pair_of_options_is_called_what_it_is(section: str) -> None:
    table = TABLES[section]
    words = ["?", *(each.id for each in INSTRUMENT.of_section(section)[0].section.options if each.is_known)]
    windows = INSTRUMENT.of_section(section)[0].section.windows
    pairs = list(product(words, words, MONTHS))

    said = {
        each: how(option(section, each[0]), option(section, each[1]), windows=windows, months=each[2]) for each in pairs
    }

    assert set(table) == {(then, now) for then, now, _ in pairs}
    assert said == {each: expected(table, *each) for each in pairs}


def test_the_windows_of_a_pack_are_read_and_need_not_be_there() -> None:
    """At any time, 6 months, and 6 to 12 months. The other board states the periods of one section only."""
    assert [section.windows for section in INSTRUMENT.sections] == [(), (6,), (6, 12)]
    assert [section.windows for section in other_board.INSTRUMENT.sections] == [None, (3, 12)]


def test_without_windows_in_the_pack_no_time_passes() -> None:
    for months in MONTHS:
        assert how(option("moderate", "yes"), option("moderate", "no"), windows=None, months=months) is ENDED


@pytest.mark.parametrize(("months", "what"), [(8, AT_ODDS), (9, PASSED)])
def test_another_board_s_windows_are_its_own(months: int, what: How) -> None:
    item = other_board.INSTRUMENT.item("G1")

    assert how(item.option("current"), item.option("no"), windows=item.section.windows, months=months) is what


def serafs(then: dict[str, str], now: dict[str, str], months: int = 3) -> tuple[Carried, Carried]:
    year, month = divmod(2026 * 12 + 2 + months, 12)
    first = replace(MARCH, responses=Responses.of(then))
    return first, replace(first, year=year, month=month + 1, responses=Responses.of(now))


def test_a_comparison_lists_rises_then_falls_and_counts_the_rest() -> None:
    then, now = serafs(
        {"V1": "yes", "M1": "yes", "S1": "current", "S2": "no", "S3": "current"},
        {"V1": "yes", "M1": "no", "S1": "recent", "S2": "current", "S4": "both"},
    )

    found = compare(then, INSTRUMENT, now=now, instrument=INSTRUMENT)

    assert [(each.item.id, each.how) for each in found.changes] == [
        ("S2", NEW),
        ("S4", FOUND),
        ("S1", PASSED),
        ("S3", UNKNOWN),
        ("M1", ENDED),
    ]
    assert [(each.then, each.now) for each in found.changes if each.item.id in ("S1", "S3")] == [
        (option("significant", "current"), option("significant", "recent")),
        (option("significant", "current"), None),
    ]
    assert found.same == 25
    assert (found.then.total, found.now.total) == (12, 13)
    assert found.has_fall
    assert (found.added, found.dropped) == ((), ())


@pytest.mark.parametrize(("began", "what"), [(11, PASSED), (12, ENDED)])
def test_months_are_counted_over_the_end_of_a_year(began: int, what: How) -> None:
    then, now = serafs({"M1": "yes"}, {"M1": "no"})

    found = compare(
        replace(then, year=2025, month=began), INSTRUMENT, now=replace(now, year=2026, month=5), instrument=INSTRUMENT
    )

    assert [each.how for each in found.changes] == [what]
    assert found.has_fall
    assert not compare(then, INSTRUMENT, now=then, instrument=INSTRUMENT).has_fall


def test_each_score_is_that_of_the_list_it_was_made_with() -> None:
    fewer = replace(INSTRUMENT, items=INSTRUMENT.items[1:])
    reworded = replace(fewer, items=(*fewer.items[:-1], replace(fewer.items[-1], label="Put in other words")))
    then, now = serafs({"V1": "yes", "S7": "current"}, {"S7": "current"})

    found = compare(then, INSTRUMENT, now=replace(now, fingerprint=reworded.fingerprint), instrument=reworded)

    assert [each.id for each in found.dropped] == ["V1", "S7"]
    assert [each.id for each in found.added] == ["S7"]
    assert (found.then.total, found.now.total) == (6, 5)
    assert (found.changes, found.same) == ((), 28)


def test_another_list_with_other_points_for_the_same_option_has_not_changed_the_child() -> None:
    signs = other_board.INSTRUMENT.item("G1").section
    dearer = replace(
        signs, options=tuple(replace(each, points=each.points + 1) for each in signs.options if each.points)
    )

    assert how(signs.options[0], dearer.options[0], windows=(3, 12), months=3) is SAME


def test_the_age_of_each_time_is_scored() -> None:
    then, now = serafs({"S1": "current"}, {"S1": "current"})

    found = compare(replace(then, age=Age.UNDER_13), INSTRUMENT, now=now, instrument=INSTRUMENT)

    assert (found.then.total, found.now.total) == (10, 5)
    assert found.changes == ()
    assert then.answers == NOTHING


DAY = date(2027, 2, 1)

NONE = {item.id: "no" for item in INSTRUMENT.items}


def seraf(year: int = 2027, month: int = 2, facts: dict[str, str] | None = None, **responses: str) -> Carried:
    given = Responses.of(NONE | responses)
    result = Responses.of(facts or {"danger": "no", "told_or_seen": "no"})
    return Carried(year, month, Age.FROM_13_TO_15, "no", given, INSTRUMENT.fingerprint, facts=result)


def stands(*past: Carried, now: Carried | None = None) -> Outstanding:
    return outstanding([(each, INSTRUMENT) for each in past], (now or seraf()).case(), day=DAY, instrument=INSTRUMENT)


GRAVE = seraf(2026, 11, S2="both", S4="current", S5="current")


def test_signs_of_three_months_ago_that_are_all_denied_still_count() -> None:
    """In November they lay within the past six months, so in February they lie within the past twelve."""
    found = stands(GRAVE)

    assert [item.id for item in found.items] == ["S2", "S4", "S5"]
    assert (found.category, found.gravest) == (4, GRAVE)
    assert found.as_facts() == {"earlier_category": {"4"}, "still_counts": {"S2", "S4", "S5", "significant"}}


@pytest.mark.parametrize(
    ("then", "months_before", "counts"),
    [
        *(({"S4": "current"}, 5, True), ({"S4": "current"}, 6, False), ({"S4": "recent"}, 0, True)),
        *(({"S4": "recent"}, 1, False), ({"V3": "yes"}, 36, True), ({"M9": "yes"}, 1, False)),
        ({"S4": "not-known"}, 1, False),
    ],
)
def test_time_ends_what_it_can_end_and_nothing_else(then: dict[str, str], months_before: int, counts: bool) -> None:
    """A significant indicator stops counting after a year; a vulnerability never does."""
    months = 2027 * 12 + 1 - months_before
    assert bool(stands(seraf(months // 12, months % 12 + 1, None, **then)).items) is counts


@pytest.mark.parametrize("answer", ["no", "not-known"])
def test_an_answer_that_became_unknown_still_counts_like_a_denied_one(answer: str) -> None:
    assert "S2" in {item.id for item in stands(GRAVE, now=seraf(S2=answer)).items}
    assert "S2" not in {item.id for item in stands(GRAVE, now=seraf(S2="recent")).items}


def test_a_disclosure_once_given_stays() -> None:
    """A disclosure and being moved always still apply; danger does not."""
    before = seraf(2026, 11, {"danger": "yes", "told_or_seen": "yes", "moved": "yes"})

    assert stands(before).facts == ("told_or_seen", "moved")
    assert stands(before, now=seraf(facts={"told_or_seen": "yes", "moved": "no"})).facts == ("moved",)


def test_the_gravest_of_several_answers_remains_after_a_calmer_one() -> None:
    calm = seraf(2027, 1)

    found = stands(GRAVE, calm)

    assert (found.category, found.gravest) == (4, GRAVE)
    assert [item.id for item in found.items] == ["S2", "S4", "S5"]


def test_an_unknown_item_list_is_not_read_as_a_low_number() -> None:
    """The category is not known then; it is never taken to be low."""
    found = outstanding([(GRAVE, None)], seraf().case(), day=DAY, instrument=INSTRUMENT)

    assert (found.category, found.unread) == (0, (GRAVE,))
    assert found.as_facts() == {"earlier_category": {"not-known"}, "still_counts": frozenset()}


def test_an_item_that_another_list_words_otherwise_is_not_compared() -> None:
    given = Responses.of({item.id: item.section.options[0].id for item in other_board.INSTRUMENT.items})
    other = replace(GRAVE, responses=given, fingerprint=other_board.INSTRUMENT.fingerprint)

    found = outstanding([(other, other_board.INSTRUMENT)], seraf().case(), day=DAY, instrument=INSTRUMENT)

    labels = {item.label for item in other_board.INSTRUMENT.items}
    assert {item.label for item in found.items} <= labels


@pytest.mark.parametrize("seed", range(times(200, 20)))
def test_another_code_never_leaves_less_standing(seed: int) -> None:
    draw = random.Random(seed)
    some = [
        seraf(2026, month, None, **{item.id: draw.choice(item.section.options).id for item in INSTRUMENT.items})
        for month in draw.sample(range(1, 13), 3)
    ]
    fewer, all_of_them = stands(*some[:2]), stands(*some)

    assert fewer.category <= all_of_them.category
    assert {item.id for item in fewer.items} <= {item.id for item in all_of_them.items}
