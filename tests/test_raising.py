"""What could raise a result is exact: the same as trying every set of further responses, over small boards and the shipped pack."""

import random
from collections.abc import Iterator
from itertools import combinations, product

import pytest

from seraf.category import band_of
from seraf.raising import Raising, brings_discussion, raising
from seraf.responses import Case, Responses
from seraf.search import Way
from seraf.vocabulary import Age
from tests.oracle import M, S, V, category, scored
from tests.support import other_board
from tests.support.counts import times
from tests.support.shipped import INSTRUMENT, NOON
from tests.support.small_boards import (
    Ticks,
    any_case,
    fewest_by_trying,
    is_at_most,
    is_less,
    items_of,
    open_ticks,
    small_instrument,
    total_with,
)
from tests.test_scoring_oracle import random_seraf


def expanded(ways: tuple[Way, ...]) -> list[Ticks]:
    """Every set that the ways stand for, an item never twice in one."""
    return [ticks for way in ways for ticks in _of_way(way)]


def _of_way(way: Way) -> Iterator[Ticks]:
    chosen = [
        [[(item, part.option) for item in items] for items in combinations(part.items, part.count)]
        for part in way.parts
    ]
    for picks in product(*chosen):
        ticks = [pair for pick in picks for pair in pick]
        if len({item for item, _ in ticks}) == len(ticks):
            yield frozenset(ticks)


def case_of(age: str = "13-15", **responses: str) -> Case:
    """A case where all that is not named is No."""
    no = {item.id: "no" for item in INSTRUMENT.items}
    return Case(Age(age), Responses.of({**no, **responses}))


def rises_of(found: Raising) -> dict[int, tuple[int, list[list[tuple[int, int, str]]]]]:
    """Category to points away and ways: each part as count, of how many, option."""
    return {
        rise.band.category: (
            rise.points,
            [[(part.count, len(part.items), part.option) for part in way.parts] for way in rise.ways],
        )
        for rise in found.rises
    }


@pytest.mark.parametrize("seed", range(times(3_000, 250)))
def test_it_is_what_trying_every_set_finds_on_any_small_board(seed: int) -> None:
    """Points, windows, additions and edges by lot: the same sets, no more and no fewer, each once."""
    draw = random.Random(seed)
    instrument = small_instrument(draw)
    case = any_case(draw, instrument)
    everything = tuple(item.id for item in instrument.items)
    unknown = tuple(item for item in everything if case.responses.get(item) in (None, "not-known"))

    found = raising(instrument, case)

    assert found.total == total_with(instrument, case, frozenset())
    assert [rise.band for rise in found.rises] == [band for band in instrument.bands if band.lowest > found.total]
    for rise in found.rises:
        for ways, items in ((rise.ways, everything), (rise.unknown_ways, unknown)):
            sets = expanded(ways)
            smallest = fewest_by_trying(instrument, case, items, rise.band.lowest)
            assert set(sets) <= smallest
            assert len(sets) == len(set(sets))
            assert all(any(is_at_most(instrument, one, other) for one in sets) for other in smallest)
            assert not any(is_less(instrument, other, one) for one in sets for other in smallest)
        assert rise.points == rise.band.lowest - found.total


@pytest.mark.parametrize("seed", range(times(3_000, 250)))
def test_the_talk_with_the_manager_comes_about_by_just_what_trying_finds(seed: int) -> None:
    """One further response, where the rule did not hold and then does."""
    draw = random.Random(f"talk {seed}")
    instrument = small_instrument(draw)
    case, rule = any_case(draw, instrument), instrument.manager_discussion
    covered = {item.id for item in instrument.items if rule.present & {item.id, item.section.id}}
    known = dict(case.responses)
    is_there = any(known.get(item) in ("now", "then", "both") for item in covered)
    offered = open_ticks(instrument, case, tuple(covered))

    found = {(item, each.option) for each in brings_discussion(instrument, case) for item in each.items}

    assert found == {
        (item, option)
        for item, options in offered.items()
        for option in options
        if not is_there
        and band_of(instrument, total_with(instrument, case, frozenset({(item, option)}))).category in rule.categories
    }


@pytest.mark.parametrize("seed", range(times(1_500, 60)))
def test_a_second_search_over_the_shipped_pack_finds_the_same(seed: int) -> None:
    """Sums over counts of vulnerabilities, moderate and significant indicators, written from the form alone."""
    draw = random.Random(f"second {seed}")
    age, responses = random_seraf(draw)
    case = Case(Age(age), Responses.of(responses))

    found = raising(INSTRUMENT, case)

    total = scored(age, responses, NOON.today)["total"]
    assert found.total == total
    for rise in found.rises:
        size, sets = second_search(age, responses, rise.band.lowest - int(str(total)))
        ways = expanded(rise.ways)
        assert {way.size for way in rise.ways} == ({size} if sets else set())
        assert {items_of(ticks) for ticks in ways} == sets
    assert category(int(str(total))) == found.band.category


def second_search(age: str, responses: dict[str, str], needed: int) -> tuple[int, set[frozenset[str]]]:
    """The smallest size, and every set of items of that size that can be enough when each adds all that it can."""
    ticked = {"yes", "recent", "current", "both"}
    is_first = age == "under-13" and not any(responses.get(item) in ticked for item in S)
    adds = {item: 1 for item in V + M if responses.get(item) != "yes"}
    for item in S:
        most = 6 - {"recent": 1, "current": 5, "both": 6}.get(responses.get(item, ""), 0)
        if most:
            adds[item] = most
    for size in range(1, len(adds) + 1):
        found = {
            frozenset(some)
            for some in combinations(sorted(adds, key=lambda item: -adds[item]), size)
            if sum(adds[item] for item in some) + 5 * (is_first and bool(set(some) & set(S))) >= needed
        }
        if found:
            return size, found
        if size > 4:
            return size, found
    return 0, set()


def test_one_sign_in_the_past_six_months_takes_five_points_to_category_2() -> None:
    """One point away: any vulnerability, any moderate indicator, any sign of long ago; the one ticked, both windows."""
    found = raising(INSTRUMENT, case_of(S1="current"))

    assert rises_of(found)[2] == (1, [[(1, 23, "yes")], [(1, 1, "both")], [(1, 6, "recent")]])
    assert rises_of(found)[3] == (6, [[(1, 6, "both")]])
    assert rises_of(found)[4] == (11, [[(1, 6, "current"), (1, 6, "both")]])


def test_a_first_sign_of_a_child_under_thirteen_brings_five_points_more() -> None:
    """From nothing, one sign of long ago comes to 6, one of the past six months to 10, and both windows to 11."""
    found = raising(INSTRUMENT, case_of("under-13"))

    assert rises_of(found)[2] == (6, [[(1, 7, "recent")]])
    assert rises_of(found)[3] == (11, [[(1, 7, "both")]])
    assert found.rises[0].ways[0].additions == ("under-13",)


def test_where_the_age_is_not_known_it_says_what_would_be_so_under_thirteen() -> None:
    """The addition at once where a sign is ticked; else a shorter way."""
    ticked = raising(INSTRUMENT, case_of("not-known", S1="current"))
    none = raising(INSTRUMENT, case_of("not-known"))

    assert [(each.word, each.total, each.band.category) for each in ticked.supposed] == [("under-13", 10, 2)]
    assert [(each.word, each.total, each.band.category) for each in none.supposed] == [("under-13", 0, 1)]
    assert none.supposed[0].rises[0].ways[0].parts[0].option == "recent"
    assert raising(INSTRUMENT, case_of("13-15")).supposed == ()


def test_other_boards_own_questions_are_supposed_too() -> None:
    """A child who may be disabled has a point more; one whose answer is known has not."""
    no = Responses.of(dict.fromkeys(("B1", "B2", "G1", "G2", "G3"), "no"))

    unasked = raising(other_board.INSTRUMENT, Case(Age.FROM_13_TO_15, no))
    answered = raising(other_board.INSTRUMENT, Case(Age.FROM_13_TO_15, no, {"disabled": "no"}))

    assert [(each.fact, each.word, each.total) for each in unasked.supposed] == [("disabled", "yes", 1)]
    assert answered.supposed == ()


def test_in_category_4_there_is_nothing_above() -> None:
    """No rise, and nothing that would say how to fall."""
    found = raising(INSTRUMENT, case_of(S1="both", S2="both", S3="both"))

    assert (found.band.category, found.rises, found.discussion) == (4, (), ())


def test_a_board_whose_highest_category_cannot_be_reached_says_so() -> None:
    """All is ticked but one window of one point: five points are not to be had."""
    ticked = dict.fromkeys(V[:3], "yes")
    unknown = Case(
        Age.FROM_13_TO_15, Responses.of({**dict.fromkeys((*V, *M), "no"), **dict.fromkeys(S, "no"), **ticked})
    )

    found = raising(INSTRUMENT, unknown)

    assert [rise.unknown_ways for rise in found.rises] == [(), (), ()]


def test_the_manager_talk_is_named_only_where_the_category_stays_low() -> None:
    """From 10 points any sign jumps to Category 3, where the talk is not this rule's."""
    low, edge = case_of(), case_of(**dict.fromkeys((*V[:10],), "yes"))

    assert {each.option: len(each.items) for each in brings_discussion(INSTRUMENT, low)} == {
        "recent": 7,
        "current": 7,
        "both": 7,
    }
    assert brings_discussion(INSTRUMENT, edge) == ()
    assert brings_discussion(INSTRUMENT, case_of(S1="recent")) == ()
