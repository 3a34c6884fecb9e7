"""Why an item is ticked: who says so, since when it is known, and of which items a child who says so has told of abuse."""

import pytest

from seraf.form.responses import KNOWN, SAYS, Responses, is_disclosure, reason_facts
from tests.support.oracle import S
from tests.support.shipped import INSTRUMENT


@pytest.mark.parametrize(
    ("says", "known", "found"),
    [
        ({}, {}, (set(), set(), set())),
        ({"V1": "child", "M1": "record"}, {"V1": "today", "M1": "month"}, ({"child", "record"}, {"month"}, {"today"})),
        ({"V1": "seen"}, {"V1": "not-known"}, ({"seen"}, set(), set())),
        ({"V1": "seen"}, {"V1": "not-known", "M1": "week"}, ({"seen"}, {"week"}, {"week"})),
        ({"V1": "seen"}, {"V1": "earlier", "M1": "today", "M2": "week"}, ({"seen"}, {"earlier"}, {"today"})),
    ],
)
def test_the_first_and_the_last_day_are_told_apart(
    says: dict[str, str], known: dict[str, str], found: tuple[set[str], set[str], set[str]]
) -> None:
    """Of several items the one that is known longest and the one learned last; what is not known says nothing."""
    facts = reason_facts(Responses.of(says), Responses.of(known))

    assert (set(facts["says"]), set(facts["first_known"]), set(facts["last_known"])) == found
    assert set(SAYS) & set(KNOWN) == set()


def test_a_child_who_says_so_has_told_of_abuse_at_what_the_guidance_names() -> None:
    """Neglect, physical and sexual abuse, an assault taken back, an infection, and each significant indicator; else it is a worry."""
    told = [item.id for item in INSTRUMENT.items if is_disclosure(INSTRUMENT, item.id)]

    assert told == ["V1", "V2", "V3", "M6", "M7", *S]
