"""The recorded conversations (walks) together show everything that the guidance can lead to, in its context."""

from dataclasses import replace

import pytest

from seraf.form.vocabulary import FACT_WORDS
from tests.support.shipped import INSTRUMENT, PACK
from tests.support.walks.core import replayed
from tests.support.walks.covering import Sight, covered, is_of_others, sights, wanted
from tests.support.walks.model import TELEGRAM
from tests.support.walks.reading import read_walk, walk_files

GUIDANCE = PACK.guidance


@pytest.fixture(scope="module")
def pages() -> dict[str, list[Sight]]:
    return {path.stem: list(sights(replayed(path, TELEGRAM))) for path in walk_files() if not read_walk(path).board}


def test_every_fact_answer_lead_line_and_step_is_in_a_walk(pages: dict[str, list[Sight]]) -> None:
    seen = [page for each in pages.values() for page in each]

    assert wanted(GUIDANCE) - covered(GUIDANCE, INSTRUMENT, seen) == frozenset()


def test_a_rule_that_is_new_in_the_pack_is_missed(pages: dict[str, list[Sight]]) -> None:
    new = replace(GUIDANCE.steps[0], id="new", text="Something that no card says.")
    seen = [page for each in pages.values() for page in each]
    grown = replace(GUIDANCE, steps=(*GUIDANCE.steps, new))

    assert wanted(grown) - covered(grown, INSTRUMENT, seen) == {("steps", "new")}


def test_unreachable_cards_are_not_demanded_of_walks() -> None:
    left = {(key, word) for key, words in FACT_WORDS.items() for word in words} - wanted(GUIDANCE)

    beyond = {
        ("judgement", "not-asked"),
        ("danger", "not-asked"),
        ("told_or_seen", "not-asked"),
        ("profession", "not-known"),
    }
    assert left == beyond | {("hours", "open"), ("hours", "closed"), ("home", "leaving"), ("home", "home")}
    steps = {rule for kind, rule in wanted(GUIDANCE) if kind == "steps"}
    assert {each.id for each in GUIDANCE.steps} - steps == {"judgement"}
    always = {each.id for each in GUIDANCE.leads} - {rule for kind, rule in wanted(GUIDANCE) if kind == "leads"}
    assert always == {"look-again"} | {
        each.id for each in GUIDANCE.leads if each.conditions and is_of_others(each.conditions)
    }
