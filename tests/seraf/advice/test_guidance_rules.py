"""Every rule of the shipped guidance, judged on cases that must bring it about and on cases that must not."""

import pytest

from seraf.case_view import CaseView
from seraf.form.circumstances import ALWAYS
from tests.support.pack.rule_rows import Row, case_of, hour_of, rows
from tests.support.shipped import INSTRUMENT, PACK

ROWS = tuple(rows())
GUIDANCE = PACK.guidance
RULES = {
    **{kind: getattr(GUIDANCE, kind) for kind in ("circumstances", "leads", "steps", "mixes", "notes")},
    **{kind: getattr(GUIDANCE.plan, kind) for kind in ("actions", "details")},
}
TEXTS = {(each.line, each.text): each.id for each in GUIDANCE.plan.details}


def held(kind: str, words: str) -> set[str]:
    """The ids of the rules of a kind that hold in a case; of short questions, those that are asked.

    Of lines and details, those of the action card: what has no room on it does not hold.
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
    """As the table says of it, judged on whole cases rather than on the rule's own words."""
    assert [words for words in row.holds if row.rule not in held(row.kind, words)] == []
    assert [words for words in row.fails if row.rule in held(row.kind, words)] == []


def test_every_rule_has_a_row_with_cases_of_both_kinds() -> None:
    """Only what is asked, said or done in every case has none in which it fails."""
    named = {(row.kind, row.rule): row for row in ROWS}
    rules = {(kind, rule.id): rule for kind, each in RULES.items() for rule in each}
    free = {key for key, rule in rules.items() if key[0] != "actions" and _asks_nothing(rule)}

    assert len(named) == len(ROWS)
    assert set(named) == set(rules)
    assert {key for key, row in named.items() if not row.holds} == set()
    assert {key for key, row in named.items() if not row.fails} - free == set()


def test_no_two_details_of_a_line_say_the_same() -> None:
    """So that one is told from another by where it stands and what it says."""
    assert len(TEXTS) == len(GUIDANCE.plan.details)


def test_a_word_that_the_table_does_not_know_is_refused() -> None:
    """A slip of the pen is not taken for a case in which nothing differs."""
    with pytest.raises(AssertionError, match="not a word of the table"):
        case_of("C2 V1x")
    with pytest.raises(AssertionError, match="not an answer of the pack"):
        case_of("moved=so")


def _asks_nothing(rule: object) -> bool:
    if (condition := getattr(rule, "condition", None)) is not None:
        return bool(condition == ALWAYS)
    return not getattr(rule, "conditions", ()) and not getattr(rule, "matters", ()) and not getattr(rule, "implied", ())
