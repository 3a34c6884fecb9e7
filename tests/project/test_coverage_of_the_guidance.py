"""Every heading of the guidance and every duty below it has a rule in the pack, or a stated reason why it has none."""

import re
import tomllib

import pytest

from bot.runtime.packs import SHIPPED
from docs.coverage import Duty, bases, coverage_page, duties, rules
from seraf.pack import QUOTES
from tests.support.shipped import INSTRUMENT, PACK

DUTIES = tuple(duties())
HEADINGS = tuple(dict.fromkeys(each.heading for each in DUTIES))
RULES, BASES = rules(PACK), bases(PACK)
HEADINGS_OF_THE_GUIDANCE = 51  # all headings from the introduction to the bibliography


def test_every_heading_of_the_guidance_is_present_and_asks_something() -> None:
    assert len(HEADINGS) == HEADINGS_OF_THE_GUIDANCE
    assert all(each.duty for each in DUTIES)


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.duty[:50])
def test_a_duty_is_carried_or_names_its_reason(duty: Duty) -> None:
    assert bool(duty.by) != bool(duty.left_out)
    assert [each for each in (*duty.by, *duty.see) if each not in RULES] == []


def test_a_duty_of_somebody_at_a_case_is_carried_by_more_than_a_card_to_read() -> None:
    """The exceptions are headings whose duties concern no single case. For these, the guide is enough."""
    alone = {each.heading for each in DUTIES if each.by and all(rule.startswith("guide/") for rule in each.by)}

    assert alone == {
        "Introduction",
        "When to complete a SERAF",
        "Peer-on-peer abuse",
        "The commissioned specialist cse service's role in preventing, identifying and responding to all children and "
        "young people at risk of sexual exploitation",
    }


def test_every_rule_that_rests_on_the_guidance_is_named() -> None:
    named = {rule for each in DUTIES for rule in each.by}
    resting = {key for key, basis in BASES.items() if basis.heading}

    assert resting - named == set()


def test_the_headings_are_those_of_the_text_that_is_quoted_from() -> None:
    text = tomllib.loads((SHIPPED / QUOTES).read_text(encoding="utf-8"))

    assert tuple(each["name"] for each in text["headings"]) == HEADINGS


def test_every_rule_with_a_law_or_our_own_reason_is_on_the_page() -> None:
    law, result = "", set[tuple[str, str]]()
    for line in coverage_page().partition("\n## ")[2].splitlines():
        law = (
            line.strip("*").removeprefix("Law: ") if line.startswith("**Law: ") else "" if line.startswith("#") else law
        )
        result |= {(rule, law) for rule in re.findall(r"`([a-z]+/[^`]+)`", line)}

    assert result == {(key, basis.law) for key, basis in BASES.items() if basis.law or basis.ours}


def test_every_source_in_the_pack_is_a_heading_of_the_guidance() -> None:
    guide = {source for topic in PACK.guide.topics for source in topic.sources}
    terms = {term.source for term in PACK.glossary.terms}
    items = {item.source for item in INSTRUMENT.items}

    assert ({*RULES.values(), *guide, *terms, *items} - {"", "ours", "law"}) - set(HEADINGS) == set()


def test_a_rule_rests_on_a_heading_under_which_it_is_named() -> None:
    places: dict[str, set[str]] = {}
    for each in DUTIES:
        for rule in each.by:
            places.setdefault(rule, set()).add(each.heading)

    assert [
        (rule, RULES[rule]) for rule, found in places.items() if RULES[rule] not in ("", "ours", "law", *found)
    ] == []
