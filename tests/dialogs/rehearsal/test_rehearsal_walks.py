"""P4 for rehearsals: whatever is pressed, typed or sent, every card is right, nobody is stuck, and no real answer moves."""

import random
from dataclasses import replace

from dialogs.core.events import Began, Commanded, Event, Ignored, Pressed, Typed
from dialogs.core.replies import Document, Toast
from dialogs.rehearsal.alone.course_cards import OWN_COURSE
from dialogs.rehearsal.core.stage_card import BACK, LEAVE
from dialogs.rehearsal.kit.papers import PAPERS
from state_machines.rehearsal import Stage
from tests.support.counts import each_seed
from tests.support.promising import Promise
from tests.support.shipped import OCCASION, SCRIPT
from tests.support.talk.rehearsing import Rehearser
from tests.support.talk.walking import COMMANDS, FORGED, faults_of_form

STEPS = 150
LEAVING = SCRIPT.wording.say(f"button.{LEAVE.word}")
FILES = {Document(kind) for kind in (OWN_COURSE, *PAPERS)}
"""What can be fetched of a rehearsal that is done alone: none of it is of a real child."""
FROM_PAPERS = SCRIPT.wording.say(f"button.{BACK.word}")


def next_event(draw: random.Random, rehearser: Rehearser) -> Event:
    """Mostly a live button that does not leave; else an older or forged one, a command, words, or what is not taken."""
    kind, token = draw.random(), rehearser.card.token
    if kind < 0.85:
        codes = [each.code for each in rehearser.card.buttons if each.label != LEAVING or draw.random() < 0.1]
        return Pressed(OCCASION, token, draw.choice(codes))
    if kind < 0.92:
        older = draw.choice(rehearser.cards[-6:])
        return Pressed(OCCASION, older.token, draw.choice([*(each.code for each in older.buttons), *FORGED]))
    if kind < 0.97:
        return Commanded(OCCASION, draw.choice((*COMMANDS, "rehearse")), draw.choice(("", "edges", "grooming")))
    return draw.choice((Began(OCCASION), Typed(OCCASION), Ignored(OCCASION, "voice")))


@each_seed(200, 10)
def test_a_random_walk_through_rehearsals_meets_only_cards_that_are_right(seed: int, promise: Promise) -> None:
    """Each says that no child of it is real, holds, and has the way out; the real session lies where it was."""
    draw, rehearser = random.Random(f"rehearsals {seed}"), Rehearser(SCRIPT)
    rehearser.begin().press("Start", "School", "Neither", "No").command("rehearse", draw.choice(("", "edges")))
    real = rehearser.session

    for _ in range(STEPS):
        rehearser.take(next_event(draw, rehearser))
        if not rehearser.practice.is_under_way:
            assert replace(rehearser.session, card=0) == replace(real, card=0)
            rehearser.held = replace(rehearser.held, session=replace(real, card=rehearser.session.card))
            rehearser.command("rehearse")
        card = rehearser.card
        assert card.text.startswith("REHEARSAL"), card.text
        assert faults_of_form(card, rehearser.session.card) == [], (rehearser.practice, card.text)
        way_out = FROM_PAPERS if rehearser.practice.stage is Stage.PAPERS else LEAVING
        assert way_out in [each.label for each in card.buttons]
        assert replace(rehearser.session, card=0) == replace(real, card=0)
        assert all(isinstance(each, Toast) or each in FILES for each in rehearser.effects)
    promise.reached("P4", asked=STEPS, reached=STEPS, of="events of rehearsals answered rightly")
