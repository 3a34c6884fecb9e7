"""Tests of a finished SERAF as a number: each has exactly one number, and issued review codes stay readable."""

import json
import random
from dataclasses import replace
from math import log2, prod
from typing import Any

import pytest

from bot.crypto.code_cipher import REAL, REHEARSED, CodeCipher, Domain
from seraf.case_view import CaseView
from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING, Responses
from seraf.form.vocabulary import Age
from seraf.reading.pack import read_instrument
from seraf.review.carry_over import (
    ABOVE,
    AGES,
    TABLES,
    UNSAID,
    Carried,
    Layout,
    NewerCode,
    facts_in,
    in_format,
    layouts,
    uncarried,
)
from tests.support.counts import IS_FULL, times
from tests.support.pack import other_board
from tests.support.pack.carrying import MARCH, OLDER, SECOND, finished, lengthened, of_a_newer_release
from tests.support.places import TESTS
from tests.support.shipped import CARRY, INSTRUMENT

NARROW, WIDE = layouts(INSTRUMENT)
OLD_NARROW, OLD_WIDE = layouts(INSTRUMENT, 1)
OTHER, _ = layouts(other_board.INSTRUMENT)


@pytest.mark.parametrize("code_format", TABLES)
@pytest.mark.parametrize("instrument", [INSTRUMENT, other_board.INSTRUMENT, lengthened(INSTRUMENT, 3)])
def test_every_seraf_comes_back_as_it_was(instrument: Instrument, code_format: int) -> None:
    draw = random.Random(7)

    drawn = [finished(draw, instrument, code_format=code_format) for _ in range(times(20_000, 150))]

    for layout in layouts(instrument, code_format):
        assert [each for each in drawn if layout.unpack(layout.pack(each)) != each] == []


@pytest.mark.prove
def test_every_number_is_one_seraf_and_every_seraf_one_number() -> None:
    instrument = replace(other_board.INSTRUMENT, items=other_board.INSTRUMENT.items[:2])
    small = layouts(instrument, 1)[0]

    some = range(0, small.size, 1 if IS_FULL else 13)

    found = [small.unpack(number) for number in some]

    assert small.size == 147 * 5 * 4 * 3 * 3 * 3
    assert [small.pack(each) for each in found] == list(some)


@pytest.mark.parametrize(("code_format", "raised", "later"), [(2, 1, 1), (3, 15, 16)])
def test_the_facts_are_counted_without_a_gap(code_format: int, raised: int, later: int) -> None:
    """Each combination of answers that can change the lead, and of how others raised it, has a number in a given month.

    The last sixteenth of the numbers of format 3 is reserved for later releases.
    """
    smallest = replace(other_board.INSTRUMENT, items=(), questions=())
    layout = replace(layouts(smallest, code_format)[0], months=1)
    every = 5 * 4 * prod(len(words) for words in TABLES[code_format].values())
    step = raised * every // times(10_000_000, 30_000) | 1

    assert layout.size == later * every
    assert [number for number in range(0, raised * every, step) if layout.pack(layout.unpack(number)) != number] == []
    for number in range(raised * every, layout.size, 49 * step):
        with pytest.raises(NewerCode):
            layout.unpack(number)


@pytest.mark.parametrize(
    ("code_format", "fact"),
    [(code_format, fact) for code_format, table in TABLES.items() for fact in {**table, **ABOVE[code_format]}],
)
def test_each_word_of_each_fact_comes_back(code_format: int, fact: str) -> None:
    """Each value is tried alone and among all other facts. A missing answer stays missing, and never becomes No."""
    table, (layout, _) = {**TABLES[code_format], **ABOVE[code_format]}, layouts(INSTRUMENT, code_format)
    others = {each: known[-1] for each, known in table.items() if each != fact}

    for word in table[fact]:
        for other in ({}, others):
            said = {fact: word} if word != UNSAID else {}
            carried = replace(MARCH, facts=Responses.of({**other, **said}), code_format=code_format)
            assert layout.unpack(layout.pack(carried)) == carried


def test_only_what_a_table_holds_is_taken_from_the_answers() -> None:
    answers = Responses.of(
        {
            **{"danger": "not-known", "told_or_seen": "yes", "grounds": "not-decided", "profession": "police"},
            **{"safe": "no", "family": "not-known", "going_on": "no"},
        }
    )

    result = {"told_or_seen": "yes", "grounds": "not-decided"}
    assert facts_in(answers) == Responses.of({**result, "danger": "not-known", "going_on": "no"})
    assert facts_in(answers, 2) == Responses.of(result)
    assert facts_in(answers, 1) == NOTHING


def test_facts_that_no_code_can_hold_are_named() -> None:
    read = {
        "age": (*AGES, "26-and-over"),
        "judgement": ("yes", "not-sure", "no", "not-asked"),
        "danger": ("yes", "no", "not-known"),
        "grounds": ("yes", "perhaps", "not-decided", "not-known"),
        "hurt": ("yes", "no"),
        "safe": ("yes", "danger", "not-tonight", "not-known"),
        "second_view": ("call", "grounds", "tomorrow"),
        "floor": ("manager", "plan"),
    }

    result = ("age = 26-and-over", "grounds = perhaps", "hurt", "second_view = tomorrow", "floor = plan")
    assert uncarried(read) == result
    assert uncarried({}) == ()


def test_the_shipped_list_takes_under_ninety_eight_bits() -> None:
    """23 items of 3 answers, 7 of 5, 5 ages, 4 judgements, 147 months, the facts of leads, and 4 reserved bits."""
    second = layouts(INSTRUMENT, 2)[0]

    assert OLD_NARROW.size == 3**23 * 5**7 * 5 * 4 * 147
    assert 64 < log2(OLD_NARROW.size) < 65
    assert second.size == OLD_NARROW.size * 3**11 * 4**2 * 5
    assert 87 < log2(second.size) < 89
    assert NARROW.size == OLD_NARROW.size * 3**7 * 4**7 * 5**2 * 2**4
    assert 97 < log2(NARROW.size) < 98


def test_unknown_and_unanswered_items_are_equivalent() -> None:
    said = replace(MARCH, responses=Responses.of({"V1": "not-known", "S1": "not-known", "M1": "no"}))

    assert NARROW.unpack(NARROW.pack(said)).responses == Responses.of({"M1": "no"})


def test_a_board_s_own_question_is_carried_and_scored() -> None:
    """The point that this board adds for a disability counts when the SERAF is scored again from its code."""
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
    assert CaseView(other_board.INSTRUMENT, back.case()).score.total == 2
    assert CaseView(other_board.INSTRUMENT, replace(back, answers=NOTHING).case()).score.total == 1


@pytest.mark.parametrize(
    ("year", "month", "holding"),
    [
        *((2023, 12, WIDE), (2024, 1, NARROW), (2026, 3, NARROW), (2036, 3, NARROW), (2036, 4, WIDE), (1, 1, WIDE)),
        (9999, 12, WIDE),
    ],
)
def test_the_narrow_layout_has_147_months_and_the_wide_one_every_other(year: int, month: int, holding: Layout) -> None:
    """147 months from January 2024. A wrong clock leads to a longer code, but never to a wrong month."""
    carried = replace(MARCH, year=year, month=month)

    first = next(layout for layout in layouts(INSTRUMENT) if layout.holds(carried))

    assert first == holding
    assert first.unpack(first.pack(carried)) == carried


def test_a_layout_holds_only_what_it_can_give_back() -> None:
    """A layout of an older format would lose answers, and one of a newer format would add answers never given."""
    for carried, code_format in ((OLDER, 1), (SECOND, 2), (MARCH, 3)):
        holding = [each for each in TABLES if layouts(INSTRUMENT, each)[0].holds(carried)]
        assert holding == [code_format]
    assert OLD_WIDE.holds(replace(OLDER, year=2040))
    assert not OLD_NARROW.holds(replace(OLDER, year=2040))


def test_the_case_of_a_carried_seraf_has_what_was_judged_what_was_answered_and_what_leads() -> None:
    carried = replace(MARCH, answers=Responses.of({"disabled": "no"}))

    assert dict(carried.case().answers) == {
        **{"judgement": "not-sure", "danger": "no", "told_or_seen": "yes", "disabled": "no"}
    }
    assert dict(in_format(carried, 1).case().answers) == {"judgement": "not-sure", "disabled": "no"}
    assert (carried.case().age, carried.case().responses) == (MARCH.age, MARCH.responses)


FOLDER = TESTS / "golden" / "carry_over"
LISTS = {path.stem: read_instrument(path.read_bytes()) for path in sorted(FOLDER.glob("*.toml"))}
"""Instruments as a store keeps them. They may only be corrected in what is neither asked nor scored."""

CODES: list[dict[str, Any]] = json.loads((FOLDER / "codes.json").read_text(encoding="utf-8"))
"""Review codes, each with its content. No line may ever be changed, as such codes are in children's files.

A line without `facts` is a code of format 1, which has none. A line with `later` states the content of the digit above
the month: how others raised the case, or 15, which a later release may write.
"""

READ = [line for line in CODES if line.get("later") != 15]
RAISED = (("", "today", "manager", "call", "emergency"), ("", "yes", "no"))
"""What the digit above the month says: three times the place of the first word, plus that of the second."""


def carried_in(line: dict[str, Any], instrument: Instrument) -> Carried:
    above = divmod(line["later"], 3) if line.get("later", 15) != 15 else (0, 0)
    second = {"second_view": RAISED[0][above[0]], "second_grounds": RAISED[1][above[1]]}
    return Carried(
        year=line["year"],
        month=line["month"],
        age=Age(line["age"]),
        judgement=line["judgement"],
        responses=Responses.of(line["responses"]),
        fingerprint=instrument.fingerprint,
        answers=Responses.of(line["answers"]),
        facts=Responses.of({**line.get("facts", {}), **{fact: word for fact, word in second.items() if word}}),
        code_format=format_of(line),
    )


def domain_of(line: dict[str, Any]) -> Domain:
    return next(each for each in (REAL, REHEARSED) if line["domain"].encode() in each)


def format_of(line: dict[str, Any]) -> int:
    return domain_of(line).index(line["domain"].encode()) + 1


@pytest.mark.parametrize("line", READ, ids=lambda line: line["code"])
def test_a_code_that_was_given_out_is_read_and_written_as_it_was(line: dict[str, Any]) -> None:
    instrument = LISTS[line["list"]]
    carrier = CodeCipher(CARRY, tuple(LISTS.values()), domain_of(line))

    carried = carrier.read(line["code"])

    assert carried == carried_in(line, instrument)
    assert carrier.write(carried) == line["code"]


@pytest.mark.parametrize("line", [line for line in CODES if line not in READ], ids=lambda line: line["code"])
def test_a_code_of_a_later_release_differs_from_today_s_in_one_digit(line: dict[str, Any]) -> None:
    """Such a code is refused for this digit alone; all other bits are where today's codes have them."""
    carrier = CodeCipher(CARRY, tuple(LISTS.values()), domain_of(line))

    with pytest.raises(NewerCode):
        carrier.read(line["code"])

    assert of_a_newer_release(carried_in(line, LISTS[line["list"]]), carrier) == line["code"]


@pytest.mark.parametrize(("code_format", "lengths"), [(1, {23, 29}), (2, {27, 33}), (3, {29, 35})])
def test_the_golden_codes_of_each_format_say_every_word_of_it(code_format: int, lengths: set[int]) -> None:
    """Codes of real and rehearsed cases and of many months contain every value, so no table can change its order."""
    lines = [line for line in READ if format_of(line) == code_format]
    said = {pair for line in lines for pair in carried_in(line, LISTS[line["list"]]).facts}

    assert {len(line["code"]) for line in lines} == lengths
    assert {domain_of(line) for line in lines} == {REAL, REHEARSED}
    table = {**TABLES[code_format], **ABOVE[code_format]}
    assert said == {(fact, word) for fact, words in table.items() for word in words if word != UNSAID}


def test_the_lists_of_the_first_release_have_the_fingerprints_they_had() -> None:
    """If fingerprints were calculated in another way, earlier codes could not be read."""
    assert {name: instrument.fingerprint[:12] for name, instrument in LISTS.items()} == {
        "south-gloucestershire": "607546527933",
        "other-board": "443cd777a790",
    }
