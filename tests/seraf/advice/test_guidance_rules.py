"""Tests of every rule of the shipped guidance, in cases where it applies and where not, and of duties at some hours."""

from datetime import datetime

import pytest

from bot.runtime.clock import local_time
from seraf.case_view import CaseView
from seraf.form.circumstances import ALWAYS
from tests.support.pack.rule_rows import Row, case_of, hour_of, rows
from tests.support.places import TESTS
from tests.support.shipped import INSTRUMENT, PACK

ROWS = tuple(rows())
GUIDANCE = PACK.guidance
RULES = {
    **{kind: getattr(GUIDANCE, kind) for kind in ("circumstances", "leads", "steps", "mixes", "notes")},
    **{kind: getattr(GUIDANCE.plan, kind) for kind in ("actions", "details")},
}
TEXTS = {(each.line, each.text): each.id for each in GUIDANCE.plan.details}


def held(kind: str, words: str) -> set[str]:
    """Return the ids of the rules of one kind that apply in a case.
    Of lines and details, only those that fit on the card are returned.
    """
    facts = CaseView(INSTRUMENT, case_of(words)).facts
    card = GUIDANCE.advise(facts).planned(hour=hour_of(words))
    found = {
        "circumstances": {each.id for each in GUIDANCE.advise(facts).asked},
        "leads": {each.id for each in GUIDANCE.advise(facts).leads},
        "actions": {each.action.id for each in card},
        "details": {TEXTS[key] for each in card for text in each.details if (key := (each.action.line, text)) in TEXTS},
        "steps": {each.id for each in GUIDANCE.advise(facts).steps},
        "mixes": {each.id for each in GUIDANCE.advise(facts).mixes},
        "notes": {each.id for each in GUIDANCE.advise(facts).notes},
    }
    return found[kind]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_rule_holds_in_its_cases_and_in_no_other(row: Row) -> None:
    assert [words for words in row.holds if row.rule not in held(row.kind, words)] == []
    assert [words for words in row.fails if row.rule in held(row.kind, words)] == []


def test_every_rule_has_a_row_with_cases_of_both_kinds() -> None:
    named = {(row.kind, row.rule): row for row in ROWS}
    rules = {(kind, rule.id): rule for kind, each in RULES.items() for rule in each}
    free = {key for key, rule in rules.items() if key[0] != "actions" and _asks_nothing(rule)}

    assert len(named) == len(ROWS)
    assert set(named) == set(rules)
    assert {key for key, row in named.items() if not row.holds} == set()
    assert {key for key, row in named.items() if not row.fails} - free == set()


def test_no_two_details_of_a_line_say_the_same() -> None:
    """`TEXTS` identifies a detail by its line and its text."""
    assert len(TEXTS) == len(GUIDANCE.plan.details)


def test_a_word_that_the_table_does_not_know_is_refused() -> None:
    with pytest.raises(AssertionError, match="not a word of the table"):
        case_of("C2 V1x")
    with pytest.raises(AssertionError, match="not an answer of the pack"):
        case_of("moved=so")


def _asks_nothing(rule: object) -> bool:
    if (condition := getattr(rule, "condition", None)) is not None:
        return bool(condition == ALWAYS)
    return not getattr(rule, "conditions", ()) and not getattr(rule, "matters", ()) and not getattr(rule, "implied", ())


DUTIES = TESTS / "rules" / "duties.txt"

HOURS = {
    "day": local_time(datetime.fromisoformat("2026-03-03T14:00+00:00")),
    "home-time": local_time(datetime.fromisoformat("2026-03-03T14:40+00:00")),
    "after-school": local_time(datetime.fromisoformat("2026-03-03T15:30+00:00")),
    "friday": local_time(datetime.fromisoformat("2026-03-06T15:50+00:00")),
    "night": local_time(datetime.fromisoformat("2026-03-07T22:30+00:00")),
    "christmas": local_time(datetime.fromisoformat("2026-12-25T23:50+00:00")),
}
"""A Tuesday afternoon, a Friday shortly before the office closes, a Saturday night, and Christmas night."""


def duty_rows() -> list[list[str]]:
    lines = [line for line in DUTIES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [[column.strip() for column in line.split("|")] for line in lines]


def led(words: str) -> str:
    return CaseView(INSTRUMENT, case_of(words)).advice(GUIDANCE).leads[0].id


def card(hour: str, words: str) -> dict[str, str]:
    now, hours = HOURS[hour], PACK.contacts["art"].hours
    lines = CaseView(INSTRUMENT, case_of(words)).advice(GUIDANCE).planned(hour=GUIDANCE.hour(now, PACK.contacts))
    due = [each.deadline.due(now, hours) for each in lines]
    by_when = [
        "from now" if each.deadline.from_now else f"{time:%a %H:%M}" for each, time in zip(lines, due, strict=True)
    ]
    return {
        str(each.action.line): ", ".join(filter(None, (each.action.id, each.whom, by)))
        for each, by in zip(lines, by_when, strict=True)
    }


@pytest.mark.parametrize(("hour", "words", "lead", "lines", "never"), duty_rows())
def test_a_duty_is_led_and_done_as_the_guidance_has_it(
    hour: str, words: str, lead: str, lines: str, never: str
) -> None:
    """Each line names its addressee as this role does at that hour, and its deadline. Some lines must be absent."""
    asked = dict(line.strip().split(": ", 1) for line in lines.split(" ; "))
    found = card(hour, words)

    assert led(words) == lead
    assert {line: found.get(line) for line in asked} == asked
    assert {line: found[line] for line in never.split() if line in found} == {}


@pytest.mark.parametrize("role", ["school", "health", "preventative", "residential", "other"])
def test_the_people_at_home_of_a_missing_child_are_asked_where_the_child_may_be(role: str) -> None:
    """Every role that reports the child missing asks them, although harm at home may go on: a search begins there."""
    for hour in ("day", "night"):
        found = card(hour, f"danger=missing V1 V2 family=yes going_on=yes profession={role}")

        assert found["parents"].startswith("parents-missing, ")
        assert found["emergency"].startswith("missing-999, ")


@pytest.mark.parametrize("item", [item.id for item in INSTRUMENT.items if not item.id.startswith("S")])
def test_one_unknown_item_among_thirty_calls_for_no_talk(item: str) -> None:
    assert led(f"{item}? profession=preventative") == "category-1"


@pytest.mark.parametrize(
    "words",
    ["C2", "C2 V1", "C2 V2 going_on=no", "C2 V3 going_on=no", "C2 V2", "C2 M4", "C2 M7", "C2 judgement=not-sure"],
)
def test_early_help_is_on_the_card_of_category_2_without_evidence(words: str) -> None:
    assert card("day", f"{words} profession=preventative")["plan"].startswith("safeh-ask, ")


def test_only_social_care_decides_within_24_hours() -> None:
    said = {
        each.line
        for each in GUIDANCE.plan.actions
        if "24 hours" in f"{each.wording.title} {each.why} {each.wording.folded}"
    }
    result = {each.line for each in GUIDANCE.plan.details if "24 hours" in each.text}

    assert {str(line) for line in said | result} == {"care"}
