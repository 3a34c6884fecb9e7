"""P4 of docs/promises.md with notes: whatever people send, cards are valid, nobody is stuck, no note is misplaced."""

import random

import pytest

from dialogs.core.codec import encode
from dialogs.core.events import Event, Noted, Pressed, Typed
from dialogs.core.session import profile_of
from dialogs.notes.noting import LONGEST, MOST, as_note
from state_machines.assessment import Phase
from tests.support.counts import each_seed, times
from tests.support.promising import Promise
from tests.support.shipped import OCCASION
from tests.support.talk.notes import NOTING, NotingTalk
from tests.support.talk.walking import (
    TO_A_RESULT,
    TO_AN_ERASURE,
    faults_of_content,
    faults_of_form,
    next_event,
    way_out,
)

WRITTEN = (
    *(
        "canary: the nurse saw bruises.",
        "canary: a lifestyle choice.",
        "canary: ring 07700 900123.",
        "canary: Jane Smith.",
    ),
    *("", "canary " * 60, "canary " * 42, "\u202e\x00", "canary: “my boyfriend”"),
)
"""Texts to write as notes. Some are stored, some blame a child, and some are refused, empty or too long."""

NEVER_KEPT = ("07700", "Jane", "canary " * 60, "\x00")


def next_with_notes(draw: random.Random, talk: NotingTalk) -> Event:
    chance = 0.6 if talk.card.takes_words else 0.05
    if draw.random() < chance:
        return as_note(Typed(OCCASION), draw.choice(WRITTEN), session=talk.session, script=NOTING)
    ways = [button.code for button in talk.card.buttons if button.code.startswith(("o:note:", "o:notes:"))]
    if ways and draw.random() < 0.2:
        return Pressed(OCCASION, talk.session.card, draw.choice(ways))
    return next_event(draw, talk)


@each_seed(200, 2)
def test_a_random_walk_with_notes_meets_only_cards_that_are_right(seed: int, promise: Promise) -> None:
    """Each note stays within its limits, refused text is never stored, and no note is left once its case was erased."""
    draw, talk = random.Random(f"notes {seed}"), NotingTalk()

    for _ in range(250):
        talk.take(next_with_notes(draw, talk))
        session = talk.session
        assert faults_of_form(talk.card, session.card) == [], (session, talk.text)
        if session.phase is not Phase.ERASED:
            assert faults_of_content(talk.card, session) == [], (session, talk.text)
        notes = [text for _, text in session.answers.notes]
        assert max(map(len, notes), default=0) <= LONGEST
        assert sum(map(len, notes)) <= MOST
        assert not any(words in text for words in NEVER_KEPT for text in (*notes, session.told.draft))
        assert "canary" not in encode(session) or session.has_case
        assert "canary" not in repr(profile_of(session))
    promise.reached("P4", asked=250, reached=250, of="events of walks with notes answered rightly")


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(times(50, 1)))
def test_from_every_card_of_a_walk_with_notes_tapping_leads_on(seed: int, promise: Promise) -> None:
    draw, walker, seen = random.Random(f"notes out {seed}"), NotingTalk(), set()

    for _ in range(120):
        walker.take(next_with_notes(draw, walker))
        session = walker.session
        here = (session.phase, session.place, session.overlay, session.detour.is_changing)
        if here in seen:
            continue
        seen.add(here)
        for end, wanted in ((Phase.RESULT, TO_A_RESULT), (Phase.ERASED, TO_AN_ERASURE)):
            talk = NotingTalk()
            talk.session, talk.cards = session, [walker.card]
            way_out(talk, end, ("n:again", *wanted))

    assert len(seen) > 10
    promise.reached("P4", asked=len(seen), reached=len(seen), of="cards with notes with a way out")


def test_the_walks_write_notes() -> None:
    kept, thought = 0, 0
    for seed in range(8):
        draw, talk = random.Random(f"notes {seed}"), NotingTalk()
        for _ in range(250):
            event = next_with_notes(draw, talk)
            talk.take(event)
            kept += isinstance(event, Noted) and "note-kept" in talk.toasts
            thought += bool(talk.session.told.draft)

    assert kept > 10
    assert thought > 5
