"""Every rule of the shipped guidance, judged on cases that must bring it about and on cases that must not."""

import pytest

from seraf.conditions import ALWAYS
from seraf.findings import facts_of
from tests.support.rule_rows import Row, case_of, rows
from tests.support.shipped import INSTRUMENT, PACK

ROWS = tuple(rows())
KINDS = ("circumstances", "leads", "steps", "mixes", "notes")


def held(kind: str, words: str) -> set[str]:
    """The ids of the rules of a kind that hold in a case; of short questions, those that are asked."""
    guidance, facts = PACK.guidance, facts_of(INSTRUMENT, case_of(words))
    found = {
        "circumstances": {each.id for each in guidance.asked(facts)},
        "leads": {each.id for each in guidance.leads_for(facts)},
        "steps": {each.id for each in guidance.steps_for(facts)},
        "mixes": {each.id for each in guidance.mix_for(facts)},
        "notes": {each.id for each in guidance.notes_for(facts)},
    }
    return found[kind]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_rule_holds_in_its_cases_and_in_no_other(row: Row) -> None:
    """As the table says of it, judged on whole cases rather than on the rule's own words."""
    assert [words for words in row.holds if row.rule not in held(row.kind, words)] == []
    assert [words for words in row.fails if row.rule in held(row.kind, words)] == []


def test_every_rule_has_a_row_with_cases_of_both_kinds() -> None:
    """Only a rule that asks for nothing has no case in which it fails."""
    named = {(row.kind, row.rule): row for row in ROWS}
    rules = {(kind, rule.id): rule for kind in KINDS for rule in getattr(PACK.guidance, kind)}
    free = {key for key, rule in rules.items() if getattr(rule, "condition", None) == ALWAYS}
    free |= {
        ("circumstances", each.id) for each in PACK.guidance.circumstances if not each.matters and not each.implied
    }

    assert len(named) == len(ROWS)
    assert set(named) == set(rules)
    assert {key for key, row in named.items() if not row.holds} == set()
    assert {key for key, row in named.items() if not row.fails} == free


def test_a_word_that_the_table_does_not_know_is_refused() -> None:
    """A slip of the pen is not taken for a case in which nothing differs."""
    with pytest.raises(AssertionError, match="not a word of the table"):
        case_of("C2 V1x")
