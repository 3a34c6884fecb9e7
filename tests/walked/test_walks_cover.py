"""Between them the walks show everything that the guidance can lead to, so that somebody has read each of it in its place."""

from dataclasses import replace

import pytest

from seraf.form.vocabulary import FACT_WORDS
from tests.support.shipped import INSTRUMENT, PACK
from tests.support.walks.core import replayed
from tests.support.walks.covering import Covered, Sight, covered, reading, sights, wanted
from tests.support.walks.model import TELEGRAM
from tests.support.walks.reading import read_walk, walk_files

GUIDANCE = PACK.guidance


@pytest.fixture(scope="module")
def pages() -> dict[str, list[Sight]]:
    """Every result page that each walk of the shipped pack prints."""
    return {path.stem: list(sights(replayed(path, TELEGRAM))) for path in walk_files() if not read_walk(path).board}


def missing(pages: dict[str, list[Sight]], without: str) -> Covered:
    """What no walk shows, when those of this beginning are left out."""
    kept = [page for stem, each in pages.items() if not without or not stem.startswith(without) for page in each]
    return wanted(GUIDANCE) - covered(GUIDANCE, INSTRUMENT, kept)


def test_every_fact_answer_lead_line_and_step_is_in_a_walk(pages: dict[str, list[Sight]]) -> None:
    """Each role, category, age, judgement and short question with each answer that matters; each lead, line and step printed."""
    assert missing(pages, "") == frozenset()


@pytest.mark.parametrize(
    ("without", "lost"),
    [
        ("25", ("steps", "attendance")),
        ("26", ("leads", "danger-police")),
        ("31", ("consent", "refused")),
        ("45", ("actions", "police-online")),
        ("54", ("leads", "tonight-social-care")),
    ],
)
def test_a_walk_that_is_taken_away_is_missed(
    pages: dict[str, list[Sight]], without: str, lost: tuple[str, str]
) -> None:
    """What it alone shows is then shown by none."""
    assert lost in missing(pages, without)


def test_a_rule_that_is_new_in_the_pack_is_missed(pages: dict[str, list[Sight]]) -> None:
    """Whoever writes a step has to write a walk that shows it."""
    new = replace(GUIDANCE.steps[0], id="new", text="Something that no card says.")
    seen = [page for each in pages.values() for page in each]
    grown = replace(GUIDANCE, steps=(*GUIDANCE.steps, new))

    assert wanted(grown) - covered(grown, INSTRUMENT, seen) == {("steps", "new")}


def test_answers_that_no_rule_tells_apart_need_one_walk_between_them() -> None:
    """No and not known are one answer to most short questions, and two where a rule looks closer."""
    assert reading(GUIDANCE, "disabled", "no") == reading(GUIDANCE, "disabled", "not-known")
    assert reading(GUIDANCE, "new_info", "no") != reading(GUIDANCE, "new_info", "not-known")
    assert reading(GUIDANCE, "consent", "given") != reading(GUIDANCE, "consent", "refused")


def test_what_a_conversation_cannot_come_to_is_not_asked_of_a_walk() -> None:
    """A result without a judgement is a matter of `seraf-bot score`; every other word of every fact is asked for."""
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
    assert always == {"look-again"}
