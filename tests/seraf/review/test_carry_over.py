"""A finished SERAF as a number: every one has its own, none is lost, and there are no more numbers than SERAFs."""

import random
from dataclasses import replace
from math import log2, prod

import pytest

from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING, Responses
from seraf.form.vocabulary import Age
from seraf.review.carried import Carried
from seraf.review.carry_over import AGES, FACTS, UNSAID, Layout, facts_in, layouts, uncarried
from seraf.score.scoring import score
from tests.support.counts import IS_FULL, times
from tests.support.pack import other_board
from tests.support.pack.carrying import MARCH, OLDER, finished, lengthened
from tests.support.shipped import INSTRUMENT

NARROW, WIDE = layouts(INSTRUMENT)
OLD_NARROW, OLD_WIDE = layouts(INSTRUMENT, knows_facts=False)
OTHER, _ = layouts(other_board.INSTRUMENT)


@pytest.mark.parametrize("knows_facts", [True, False])
@pytest.mark.parametrize("instrument", [INSTRUMENT, other_board.INSTRUMENT, lengthened(INSTRUMENT, 3)])
def test_every_seraf_comes_back_as_it_was(instrument: Instrument, *, knows_facts: bool) -> None:
    """Whatever was answered, and by whatever pack, in either layout of either format."""
    draw = random.Random(7)

    drawn = [finished(draw, instrument, knows_facts=knows_facts) for _ in range(times(20_000, 500))]

    for layout in layouts(instrument, knows_facts=knows_facts):
        assert [each for each in drawn if layout.unpack(layout.pack(each)) != each] == []


@pytest.mark.prove
def test_every_number_is_one_seraf_and_every_seraf_one_number() -> None:
    """For the whole of a small instrument: nothing is counted twice, and no number is left over."""
    instrument = replace(other_board.INSTRUMENT, items=other_board.INSTRUMENT.items[:2])
    small = layouts(instrument, knows_facts=False)[0]

    some = range(0, small.size, 1 if IS_FULL else 13)

    found = [small.unpack(number) for number in some]

    assert small.size == 147 * 5 * 4 * 3 * 3 * 3
    assert [small.pack(each) for each in found] == list(some)


def test_the_facts_are_counted_without_a_gap() -> None:
    """Every way to answer what can change what leads has its own number, one after the other, for one month."""
    smallest = replace(other_board.INSTRUMENT, items=(), questions=())
    layout = replace(layouts(smallest)[0], months=1)
    every = prod(len(words) for words in FACTS.values())

    some = range(0, layout.size, 1 if IS_FULL else 9_973)

    assert layout.size == 5 * 4 * every
    assert [number for number in some if layout.pack(layout.unpack(number)) != number] == []


@pytest.mark.parametrize(("fact", "words"), FACTS.items())
def test_each_word_of_each_fact_comes_back(fact: str, words: tuple[str, ...]) -> None:
    """Alone, and among all the others; one that was not said is not there, and never a No."""
    others = {each: known[-1] for each, known in FACTS.items() if each != fact}

    for word in words:
        for beside in ({}, others):
            said = {fact: word} if word != UNSAID else {}
            carried = replace(MARCH, facts=Responses.of({**beside, **said}))
            assert NARROW.unpack(NARROW.pack(carried)) == carried


def test_the_table_of_the_facts_is_part_of_the_format() -> None:
    """Each begins with what was not said. A word more, or another order, would need a third format."""
    plain = (UNSAID, "yes", "no")

    assert tuple(FACTS.items()) == (
        ("danger", plain),
        ("told_or_seen", plain),
        ("missing_now", plain),
        ("moved", plain),
        ("online", plain),
        ("safe", (UNSAID, "yes", "danger", "not-tonight", "not-known")),
        ("family", plain),
        ("young_exploiter", plain),
        ("draws_in", plain),
        ("network", plain),
        ("grounds", (UNSAID, "yes", "no", "not-decided")),
        ("asylum", plain),
        ("not_at_school", plain),
        ("consent", (UNSAID, "given", "refused", "not-yet")),
    )


def test_only_what_a_table_holds_is_taken_from_the_answers() -> None:
    """“Not known” is left out, and so is what a code says nothing of, or a word that no table has."""
    answers = Responses.of(
        {"danger": "not-known", "told_or_seen": "yes", "grounds": "not-decided", "profession": "police", "safe": "no"}
    )

    assert facts_in(answers) == Responses.of({"told_or_seen": "yes", "grounds": "not-decided"})


def test_what_no_code_could_say_is_named() -> None:
    """A fact that is in no table, and each word that is not; “not known” can always be left unsaid."""
    read = {
        "age": (*AGES, "26-and-over"),
        "judgement": ("yes", "not-sure", "no", "not-asked"),
        "danger": ("yes", "no", "not-known"),
        "grounds": ("yes", "perhaps", "not-decided", "not-known"),
        "hurt": ("yes", "no"),
        "safe": ("yes", "danger", "not-tonight", "not-known"),
    }

    assert uncarried(read) == ("age = 26-and-over", "grounds = perhaps", "hurt")
    assert uncarried({}) == ()


def test_the_shipped_list_takes_under_eighty_nine_bits() -> None:
    """Twenty-three items of three answers, seven of five, five ages, four judgements, 147 months, and what leads."""
    assert OLD_NARROW.size == 3**23 * 5**7 * 5 * 4 * 147
    assert 64 < log2(OLD_NARROW.size) < 65
    assert NARROW.size == OLD_NARROW.size * 3**11 * 4**2 * 5
    assert 87 < log2(NARROW.size) < 89


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
        NOTHING,
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


def test_a_layout_holds_only_what_it_can_give_back() -> None:
    """One without facts would lose them, and one with them would make “not known” of what was never said."""
    assert (NARROW.holds(MARCH), OLD_NARROW.holds(MARCH)) == (True, False)
    assert (NARROW.holds(OLDER), OLD_NARROW.holds(OLDER)) == (False, True)
    assert OLD_WIDE.holds(replace(OLDER, year=2040))
    assert not OLD_NARROW.holds(replace(OLDER, year=2040))


def test_the_case_of_a_carried_seraf_has_what_was_judged_what_was_answered_and_what_leads() -> None:
    """As the scoring rules take it; a code of the first format knows nothing of what leads."""
    carried = replace(MARCH, answers=Responses.of({"disabled": "no"}))

    assert dict(carried.case().answers) == {
        **{"judgement": "not-sure", "danger": "no", "told_or_seen": "yes", "disabled": "no"},
    }
    assert dict(replace(carried, facts=None).case().answers) == {"judgement": "not-sure", "disabled": "no"}
    assert (carried.case().age, carried.case().responses) == (MARCH.age, MARCH.responses)
