"""The measures of the experience over every card there is: each page of many cases, with all that can be laid over it."""

import random
from statistics import median

import pytest

from dialogs.core.acts import Kind, Overlay
from dialogs.core.session import Answers, Result, Session
from dialogs.form.path import options
from dialogs.result.result_pages import PAGES
from seraf.advice.contacts import LocalTime
from seraf.form.responses import Responses
from seraf.form.vocabulary import Age
from seraf.review.carry_over import Carried
from state_machines.assessment import Phase
from tests.dialogs.form.test_reasons import at_the_check
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import times
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT, at
from tests.support.talk.crawling import over
from tests.support.talk.reviews import reviewing
from tests.support.talk.talking import Talk
from tests.support.talk.walking import faults_of_form, next_event

HOURS = (NOON, at("2026-12-25T03:00", is_bank_holiday=True))
WHERE_NOTES_ARE_TAKEN = {Kind.NOTES, Kind.NOTE, Kind.MIRROR}
"""Measured in test_notes.py: whoever takes no notes meets none of them."""

ASKED = ("danger", "told_or_seen", "allocated", "stage", "known", "profession", "judgement")


def walked(draw: random.Random) -> list[Session]:
    """The sessions of a random walk, one for each place that it came to and each kind of overlay that it met there."""
    talk, found = draw.choice((Talk, reviewing))(), dict[tuple[Phase, str, Kind | None], Session]()
    for _ in range(60):
        talk.take(next_event(draw, talk))
        overlay = talk.session.overlay
        found[talk.session.phase, talk.session.place, overlay.kind if overlay else None] = talk.session
    return list(found.values())


def judged(draw: random.Random) -> list[Session]:
    """Every page of the result of a random case, everything asked being answered at random."""
    age, responses = random_seraf(draw)
    answers = {"age": age, **{key: draw.choice(options(key)) for key in ASKED}}
    earlier = tuple(looked_back_on(draw, month) for month in draw.choice(((), (), (9,), (6, 9, 12))))
    session = Session(
        3,
        Phase.RESULT,
        "1",
        None,
        "BRISK OTTER 41",
        "",
        Answers(Responses.of(answers), Responses.of(responses)),
        earlier=earlier,
        result=Result(finished="2026-03-04"),
    )
    return [session.at(str(page)) for page, _ in enumerate(PAGES, 1)]


def looked_back_on(draw: random.Random, month: int) -> Carried:
    """A random SERAF of a month of last year, as a code carries it."""
    age, responses = random_seraf(draw)
    judgement = draw.choice(options("judgement"))
    return Carried(2025, month, Age(age), judgement, Responses.of(responses), INSTRUMENT.fingerprint)


def faults(session: Session, met: set[Overlay], now: LocalTime) -> list[object]:
    """What is wrong with any card over a session."""
    judged_cards = [
        (overlay, card, faults_of_form(card, session.card)) for overlay, card in over(session, SCRIPT, now, met)
    ]
    return [(session.phase, session.place, overlay, wrong, card.text) for overlay, card, wrong in judged_cards if wrong]


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(times(300, 3)))
def test_every_card_over_every_card_of_a_random_walk_is_right(seed: int) -> None:
    """At most 1,000 characters, three buttons a row, twenty characters a label; and something to press on each."""
    met: set[Overlay] = set()
    for session in walked(random.Random(f"every {seed}")):
        assert faults(session, met, HOURS[seed % 2]) == []


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(times(400, 2)))
def test_every_card_over_every_page_of_a_random_result_is_right(seed: int) -> None:
    """Whatever the case and the hour."""
    met: set[Overlay] = set()
    for session in judged(random.Random(f"every {seed}")):
        assert faults(session, met, HOURS[seed % 2]) == []


@pytest.mark.prove
def test_half_of_all_cards_of_a_seraf_are_short() -> None:
    """At most 400 characters for half of the cards that somebody may meet in one whole SERAF, whatever they open."""
    kinds = set[Kind]()
    draw, enough = random.Random("length"), ("Not in 12 months", "Past 6 months")
    asking = Talk().open_with().command("explain", "streetwise")
    serious = Talk().open_with(order="Serious first").press(*enough)
    reasons = at_the_check(M9="Yes").press("Reasons")
    rare = (reviewing().session, asking.session, serious.session, reasons.session)
    for sessions in (rare, *((*walked(draw), *judged(draw)) for _ in range(times(10, 7)))):
        met: set[Overlay] = set()
        cards = [each for session in sessions for each in over(session, SCRIPT, NOON, met)]
        lengths = [len(text) for text in {card.text for _, card in cards}]
        kinds |= {overlay.kind for overlay, _ in cards if overlay}
        assert max(lengths) <= 1_000
        assert median(lengths) <= 400

    assert kinds == set(Kind) - WHERE_NOTES_ARE_TAKEN
