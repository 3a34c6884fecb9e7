"""P4 and P6 of docs/promises.md for the core: whatever people send, every card is valid and nobody is stuck."""

import random

import pytest

from dialogs.core.events import Pressed
from dialogs.core.session import fresh
from seraf.form.responses import NOTHING, Responses
from state_machines.assessment import Phase
from tests.support.counts import each_seed, times
from tests.support.promising import Promise
from tests.support.shipped import OCCASION
from tests.support.talk.talking import Talk
from tests.support.talk.walking import (
    TO_A_RESULT,
    TO_AN_ERASURE,
    faults_of_content,
    faults_of_form,
    next_event,
    way_out,
)

PROFILES = (
    NOTHING,
    Responses.of({"profession": "health"}),
    Responses.of({"order": "quick"}),
    Responses.of({"order": "serious", "profession": "school"}),
)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(times(400, 2)))
def test_a_random_walk_meets_only_cards_that_are_right(seed: int, promise: Promise) -> None:
    """P4: random presses (also stale, repeated or forged) and text raise nothing, and every card is well formed."""
    draw = random.Random(seed)
    talk = Talk(profile=draw.choice(PROFILES))

    for _ in range(250):
        talk.take(next_event(draw, talk))
        assert faults_of_form(talk.card, talk.session.card) == [], (talk.session, talk.text)
        if talk.session.phase is not Phase.ERASED:
            assert faults_of_content(talk.card, talk.session) == [], (talk.session, talk.text)
    promise.reached("P4", asked=250, reached=250, of="events of random walks answered rightly")


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(times(100, 1)))
def test_from_every_card_of_a_walk_tapping_leads_to_a_result_and_to_an_erasure(seed: int, promise: Promise) -> None:
    """P4: no card is a dead end. From each, presses of its buttons alone reach the result and the erasure."""
    draw = random.Random(f"out {seed}")
    walker, seen = Talk(profile=draw.choice(PROFILES)), set()

    for _ in range(120):
        walker.take(next_event(draw, walker))
        session = walker.session
        here = (session.phase, session.place, session.overlay, session.detour.is_changing)
        if here in seen:
            continue
        seen.add(here)
        for end, wanted in ((Phase.RESULT, TO_A_RESULT), (Phase.ERASED, TO_AN_ERASURE)):
            talk = Talk()
            talk.session, talk.cards = session, [walker.card]
            way_out(talk, end, wanted)

    assert len(seen) > 10
    promise.reached("P4", asked=len(seen), reached=len(seen), of="cards with a way out")


@each_seed(2_000, 16)
def test_of_many_presses_of_one_card_just_one_is_accepted(seed: int, promise: Promise) -> None:
    """P6: one press moves the conversation on. The others change nothing and are answered as stale."""
    draw = random.Random(f"race {seed}")
    talk = Talk(profile=draw.choice(PROFILES))
    for _ in range(draw.randrange(1, 60)):
        talk.take(next_event(draw, talk))
    token = talk.session.card
    codes = [button.code for button in talk.card.buttons if not button.code.startswith("t:")]

    accepted = 0
    for _ in range(draw.randint(2, 20)):
        before = talk.session
        talk.take(Pressed(OCCASION, token, draw.choice(codes)))
        accepted += talk.session != before
        assert talk.session == before or talk.session.card == token + 1

    assert accepted == 1
    promise.reached("P6", asked=1, reached=accepted, of="races of presses in the core")


@each_seed(300, 5)
def test_ticks_say_what_is_wanted_so_a_repeat_is_harmless(seed: int, promise: Promise) -> None:
    """P6: the code of a tick states the wanted answer, so each item keeps the answer of its last press."""
    draw = random.Random(f"ticks {seed}")
    talk = Talk().open_with(order="Quick")
    wanted: dict[str, str | None] = {}

    for _ in range(40):
        item, option = draw.choice(["V4", "V5", "V8", "V9"]), draw.choice(["yes", ""])
        code, offered = f"t:{item}={option}", [button.code for button in talk.cards[-1].buttons]
        for _ in range(draw.randint(1, 3)):
            talk.take(Pressed(OCCASION, talk.session.card, code))
        wanted[item] = option or None
        assert code in offered or talk.toasts == []

    assert {item: talk.session.answers.items.get(item) for item in wanted} == wanted
    promise.reached("P6", asked=40, reached=40, of="ticks pressed again and again")


def test_tokens_never_come_back() -> None:
    """In a case, its erasure and a second case, no two cards have the same token."""
    talk = Talk().open_with().press("No", "More", "Erase", "Erase now").open_with().press("Not known")

    seen: dict[int, str] = {}
    for card in talk.cards:
        assert seen.setdefault(card.token, card.text) == card.text


def test_a_fresh_session_has_the_token_it_was_given() -> None:
    assert Talk().session == fresh(7, NOTHING)
