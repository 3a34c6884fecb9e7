"""P4 of docs/promises.md for rehearsals alone, in rooms and in pairs: cards are valid, and no real answer changes."""

import random
from dataclasses import replace
from itertools import product

import pytest

from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, Pressed, Typed
from dialogs.core.replies import Document, Toast
from dialogs.rehearsal.alone.course_cards import OWN_COURSE
from dialogs.rehearsal.core.rooms import MOST, Beside, Room, decode_room
from dialogs.rehearsal.core.stage_card import BACK, LEAVE
from dialogs.rehearsal.kit.papers import PAPERS
from state_machines.rehearsal import Stage, Together, Turn
from tests.support.counts import each_seed, times
from tests.support.promising import Promise
from tests.support.shipped import OCCASION, SCRIPT
from tests.support.talk.gathering import Guest, Reader, Table, next_label
from tests.support.talk.rehearsing import Rehearser
from tests.support.talk.walking import COMMANDS, FORGED, faults_of_form

STEPS, PEOPLE = 600, 5
WORDS = ("", "WRNG2345", "edges")
LEAVING = SCRIPT.wording.say(f"button.{LEAVE.word}")
FORGED_TURNS = tuple(
    f"z:{turn}:{about}" for turn, about in product(Turn, ("", "1", "99", "room", "pair", "room-qr", "test"))
)


def next_event(draw: random.Random, guest: Guest) -> Event:
    kind, token, open_ = draw.random(), guest.card.token, [*guest.table.rooms]
    if not guest.practice.is_under_way and kind < 0.9:
        name = draw.choice(("room", "pair", "join", "join", "join")) if open_ else draw.choice(("room", "pair"))
        return Commanded(OCCASION, name, draw.choice(open_) if open_ else "")
    if kind < 0.72:
        return Pressed(OCCASION, token, guest.button(_onward(draw, guest)).code)
    if kind < 0.86:
        codes = [each.code for each in guest.card.buttons if each.label != LEAVING or draw.random() < 0.05]
        return Pressed(OCCASION, token, draw.choice(codes))
    if kind < 0.9:
        return Pressed(OCCASION, token - draw.choice((0, 0, 1)), draw.choice((*FORGED, *FORGED_TURNS)))
    if kind < 0.92:
        return Commanded(OCCASION, draw.choice(("join", "rehearse", *COMMANDS)), draw.choice((*WORDS, *open_)))
    if kind < 0.985:
        return Lapsed(OCCASION)
    return draw.choice((Began(OCCASION), Typed(OCCASION), Ignored(OCCASION, "voice")))


def _onward(draw: random.Random, guest: Guest) -> str:
    ends = [each for each in guest.labels if each.startswith("Case ") or each in ("Where we differ", "My answers")]
    if ends or "End the room" in guest.labels:
        code = ["QR code"] * 20 if "QR code" in guest.labels else ["Who can join"] * 3
        return draw.choice(ends or [*code, "End the room"])
    if "Open model answers" in guest.labels and draw.random() < 0.9:
        return draw.choice([each for each in guest.labels if each not in ("Open model answers", LEAVING)])
    return next_label(guest.text, guest.labels, guest.says)


def faults(table: Table, guest: Guest) -> list[str]:
    practice = guest.practice
    room = table.found(practice.membership.room) if practice.membership.room else None
    seat = room.seat(practice.membership.seat) if room and practice.membership.seat else None
    seen = practice.membership.seen
    is_shown = isinstance(seen, Beside) and seen.of > 0
    checks = {
        "no heading": practice.is_under_way and not guest.text.startswith("REHEARSAL"),
        "a seat that is not there": bool(room and not room.is_closed and practice.membership.seat and seat is None),
        "the key before it is open": room is not None and bool(practice.membership.seat) and _is_keyed(guest, room),
        "answers in a room that is closed": room is not None and room.is_closed and bool(room.seats),
        "too many": room is not None and len(room.seats) > MOST[room.together],
        "the other's answers before one's own": is_shown and practice.result.first_call is None,
        "a host with a seat": practice.is_host and bool(practice.membership.seat),
        "something real came out": practice.is_under_way
        and not all(isinstance(each, Toast | Document) for each in guest.effects),
    }
    return [*faults_of_form(guest.card, guest.card.token), *(name for name, is_so in checks.items() if is_so)]


def _is_keyed(guest: Guest, room: Room) -> bool:
    return room.together is Together.ROOM and (guest.practice.result.is_counted or "odel answer:" in guest.text)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(times(200, 2)))
def test_several_people_meet_only_cards_that_are_right(seed: int, promise: Promise) -> None:
    """Every card is well formed, no real answer changes, and a room that is over does not return."""
    draw = random.Random(f"gathering {seed}")
    table = Table(SCRIPT, draw)
    guests = [Guest(table, Reader(number)) for number in range(PEOPLE)]
    draw.choice(guests[:2]).command(draw.choice(("room", "pair")))
    real, gone = [guest.session for guest in guests], set[str]()

    for _ in range(STEPS):
        guest = draw.choice(guests)
        if draw.random() < 0.001:
            gone |= set(table.rooms)
            table.rooms.clear()
        before_it = set(table.rooms)
        guest.take(next_event(draw, guest))
        gone |= before_it - set(table.rooms)

        assert not gone & set(table.rooms), "a room that was over came back"
        assert faults(table, guest) == [], (guest.practice, guest.text)
        if guest.practice.is_under_way:
            before = real[guests.index(guest)]
            assert guest.session.answers.items == before.answers.items
        else:
            real[guests.index(guest)] = guest.session
    for text in table.rooms.values():
        room = decode_room(text)
        assert room is not None
        assert len({seat.token for seat in room.seats}) == len(room.seats)
    promise.reached("P4", asked=STEPS, reached=STEPS, of="events of rooms and pairs answered rightly")


STEPS_ALONE = 150
FILES = {Document(kind) for kind in (OWN_COURSE, *PAPERS)}
"""The documents that a solo rehearsal can send; none concerns a real child."""
FROM_PAPERS = SCRIPT.wording.say(f"button.{BACK.word}")


def next_alone(draw: random.Random, rehearser: Rehearser) -> Event:
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


@each_seed(200, 5)
def test_a_random_walk_through_rehearsals_meets_only_cards_that_are_right(seed: int, promise: Promise) -> None:
    """Each card is well formed, says that the child is not real, and has a button to leave the rehearsal."""
    draw, rehearser = random.Random(f"rehearsals {seed}"), Rehearser(SCRIPT)
    rehearser.begin().press("Start", "School", "Neither", "No").command("rehearse", draw.choice(("", "edges")))
    real = rehearser.session

    for _ in range(STEPS_ALONE):
        rehearser.take(next_alone(draw, rehearser))
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
    promise.reached("P4", asked=STEPS_ALONE, reached=STEPS_ALONE, of="events of rehearsals answered rightly")
