"""Tests of people's typed answers and the bot's leads compared: faults name a line, agreement is counted by hand."""

from dataclasses import replace
from fractions import Fraction

import pytest

from seraf.advice.action_plan import Urgency
from seraf.calibration.intake import assumed_cases
from seraf.calibration.sorting import (
    OF_URGENCY,
    Disposition,
    all_answers,
    first_lead,
    read_answers,
    sheet_code,
    sort_out,
)
from seraf.errors import RequestFault
from seraf.form.responses import Case, Responses
from seraf.form.vocabulary import Age
from seraf.rehearsal.agreement import Estimate, Undefined
from tests.support.shipped import PACK

CASES = tuple(assumed_cases(PACK, count=6))
CODE = sheet_code(CASES, seed=1)
HEAD = f"sheet {CODE}\n"


def case(**answers: str) -> Case:
    items = {item.id: "no" for item in PACK.instrument.items}
    usual = {"profession": "health", "danger": "no", "told_or_seen": "no", "judgement": "no"}
    return Case(Age.FROM_13_TO_15, Responses.of(items), {**usual, **answers})


TOLD, DOUBT, QUIET = case(told_or_seen="yes"), case(judgement="not-sure"), case()
SORTED = (TOLD, DOUBT, QUIET)
SORTED_HEAD = f"sheet {sheet_code(SORTED, seed=7)}\n"


def test_answers_of_several_people_are_read_in_columns() -> None:
    """Any separator and any capitals are accepted. “999” means call, and a dash means no answer."""
    read = read_answers(
        f"\ufeff{HEAD}# the first afternoon\n\n1 call hour\n3;PLAN;-\n2, 999,\ttoday,\n".lstrip("\ufeff")
    )

    assert (read.code, read.seed, read.count, read.people) == (CODE, 1, 6, 2)
    assert read.said == {
        1: (Disposition.CALL, Disposition.HOUR),
        3: (Disposition.PLAN, None),
        2: (Disposition.CALL, Disposition.TODAY),
    }


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["line 1: "]),
        ("1 call\n", ["line 1: "]),
        (HEAD, ["there is no answer"]),
        (
            f"{HEAD}7 call\n0 plan\nx today\n2 soon\n3\n4 call\n4 plan\n",
            ["line 2: ", "line 3: ", "line 4: ", "line 5: ", "line 6: ", "line 8: "],
        ),
        (f"{HEAD}1 call plan\n2 call\n", ["case 2: "]),
    ],
)
def test_every_fault_is_reported_at_once_with_its_line(text: str, faults: list[str]) -> None:
    """An unknown word is not read as an answer, nor a shifted column as another person's answers."""
    with pytest.raises(RequestFault) as caught:
        read_answers(text)

    assert len(caught.value.faults) == len(faults)
    assert all(said.startswith(fault) for said, fault in zip(caught.value.faults, faults, strict=True))


def test_a_sheet_is_known_by_its_cases() -> None:
    other = (*CASES[:-1], replace(CASES[-1], answers={**CASES[-1].answers, "judgement": "yes", "danger": "yes"}))

    codes = {
        sheet_code(CASES, seed=1),
        sheet_code(other, seed=1),
        sheet_code(CASES, seed=2),
        sheet_code(CASES[:5], seed=1),
    }

    assert len(codes) == 4
    assert sheet_code(tuple(assumed_cases(PACK, count=6)), seed=1) == CODE


def test_answers_of_several_files_are_put_side_by_side() -> None:
    one, other = read_answers(f"{HEAD}1 call\n"), read_answers(f"{HEAD}1 plan hour\n2 today -\n")

    both = all_answers([one, other])

    assert both.people == 3
    assert both.said[1] == (Disposition.CALL, Disposition.PLAN, Disposition.HOUR)
    assert both.said[2] == (None, Disposition.TODAY, None)
    assert both.said[3] == (None, None, None)
    with pytest.raises(RequestFault):
        all_answers([one, read_answers(f"{SORTED_HEAD}1 call\n")])


def test_answers_are_counted_as_soon_as_the_bot_sooner_or_later() -> None:
    """For three cases the bot says call, today and plan. Of nine answers 5 agree, 2 are later and 2 are sooner."""
    answers = read_answers(f"{SORTED_HEAD}1 call call hour\n2 today plan hour\n3 plan plan call\n")

    found = sort_out(PACK, SORTED, answers)

    assert [each.bot for each in found.cases] == [Disposition.CALL, Disposition.TODAY, Disposition.PLAN]
    assert (found.people, found.answers, found.same, found.sooner, found.later) == (3, 9, 5, 2, 2)
    assert [(each.sooner, each.later) for each in found.cases] == [(1, 0), (1, 1), (0, 1)]
    # Two of three pairs differ in the first and the last case, all three in the second.
    assert found.percent == Fraction(1, 3) * (Fraction(1, 3) + 0 + Fraction(1, 3))
    assert isinstance(found.numbers.alpha, Estimate)


def test_leads_at_which_people_differ_are_listed_the_most_disputed_first() -> None:
    cases = (TOLD, case(told_or_seen="yes", allocated="yes"), DOUBT, QUIET)
    answers = read_answers(f"sheet {sheet_code(cases, seed=1)}\n1 call hour\n2 call call\n3 plan plan\n4 plan -\n")

    found = sort_out(PACK, cases, answers)

    assert [(each.lead.reason, each.answers, each.sooner, each.later) for each in found.disputed] == [
        ("doubt", 2, 2, 0),
        ("told", 4, 1, 0),
    ]


def test_one_person_alone_is_compared_with_the_bot_and_with_nobody() -> None:
    found = sort_out(PACK, SORTED, read_answers(f"{SORTED_HEAD}1 call\n"))

    assert (found.answers, found.same, found.percent) == (1, 1, None)
    assert isinstance(found.numbers.alpha, Undefined)


def test_every_urgency_is_one_of_what_people_may_say() -> None:
    order = [list(Disposition).index(OF_URGENCY[each]) for each in sorted(Urgency)]

    assert order == sorted(order, reverse=True)
    assert first_lead(PACK, TOLD).urgency is Urgency.CALL
