"""A finished SERAF as a number: every one has its own, none is lost, and there are no more numbers than SERAFs."""

import random
from dataclasses import replace
from math import log2

import pytest

from seraf.carried import Carried
from seraf.carry_over import Layout, layouts
from seraf.instrument import Instrument
from seraf.responses import NOTHING, Responses
from seraf.scoring import score
from seraf.vocabulary import Age
from tests.support import other_board
from tests.support.carrying import MARCH, finished, lengthened
from tests.support.counts import times
from tests.support.shipped import INSTRUMENT

NARROW, WIDE = layouts(INSTRUMENT)
OTHER, _ = layouts(other_board.INSTRUMENT)


@pytest.mark.parametrize("instrument", [INSTRUMENT, other_board.INSTRUMENT, lengthened(INSTRUMENT, 3)])
def test_every_seraf_comes_back_as_it_was(instrument: Instrument) -> None:
    """Whatever was answered, and by whatever pack, in either layout."""
    draw = random.Random(7)

    drawn = [finished(draw, instrument) for _ in range(times(20_000, 500))]

    for layout in layouts(instrument):
        assert [each for each in drawn if layout.unpack(layout.pack(each)) != each] == []


def test_every_number_is_one_seraf_and_every_seraf_one_number() -> None:
    """For the whole of a small instrument: nothing is counted twice, and no number is left over."""
    small = layouts(replace(other_board.INSTRUMENT, items=other_board.INSTRUMENT.items[:2]))[0]

    all_of_them = [small.unpack(number) for number in range(small.size)]

    assert small.size == 147 * 5 * 4 * 3 * 3 * 3
    assert [small.pack(each) for each in all_of_them] == list(range(small.size))


def test_the_shipped_list_takes_under_sixty_five_bits() -> None:
    """Twenty-three items of three answers, seven of five, five ages, four judgements and 147 months."""
    assert NARROW.size == 3**23 * 5**7 * 5 * 4 * 147
    assert 64 < log2(NARROW.size) < 65


def test_what_was_not_known_and_what_was_not_answered_are_the_same() -> None:
    """Silence is never zero, and never a No."""
    said = replace(MARCH, responses=Responses.of({"V1": "not-known", "S1": "not-known", "M1": "no"}))

    back = NARROW.unpack(NARROW.pack(said))

    assert back.responses == Responses.of({"M1": "no"})


def test_a_board_s_own_question_is_carried_and_scored() -> None:
    """The point for a disability, which that board adds, is there when the SERAF is scored again."""
    carried = Carried(
        2026,
        3,
        Age.FROM_13_TO_15,
        "yes",
        Responses.of({"B1": "yes"}),
        other_board.INSTRUMENT.fingerprint,
        Responses.of({"disabled": "yes"}),
    )

    back = OTHER.unpack(OTHER.pack(carried))

    assert back == carried
    assert score(other_board.INSTRUMENT, back.case()).total == 2
    assert score(other_board.INSTRUMENT, replace(back, answers=NOTHING).case()).total == 1


@pytest.mark.parametrize(
    ("year", "month", "holding"),
    [
        (2023, 12, WIDE),
        (2024, 1, NARROW),
        (2026, 3, NARROW),
        (2036, 3, NARROW),
        (2036, 4, WIDE),
        (1, 1, WIDE),
        (9999, 12, WIDE),
    ],
)
def test_the_narrow_layout_has_147_months_and_the_wide_one_every_other(year: int, month: int, holding: Layout) -> None:
    """January 2024 to March 2036; a clock that is wrong, or a day after, costs a longer code and no wrong month."""
    carried = replace(MARCH, year=year, month=month)

    first = next(layout for layout in layouts(INSTRUMENT) if layout.holds(carried))

    assert first == holding
    assert first.unpack(first.pack(carried)) == carried
