"""Guests between store and core: a pass in, the rehearsal of a room out. No record of a person can be reached from here."""

from dataclasses import dataclass, field

from bot.rehearsal.sharing import room_in
from bot.storage.passes import Pass, PassDecision
from bot.storage.values import Shared
from dialogs.core.events import Occasion, Pressed
from dialogs.core.replies import Card, Toast
from dialogs.core.script import Script
from dialogs.rehearsal.core.practice import NOT_REHEARSING, Practice, decode_practice, encode_practice
from dialogs.rehearsal.core.rooms import encode_room
from dialogs.rehearsal.guest.seat import Coming, before_joining, guest_card, seat_pressed, seated
from dialogs.rehearsal.turn.alone import RehearsalTurn
from seraf.advice.contacts import LocalTime

NO_ROOM = Toast("no-room")


def practice_in(kept: Pass | None) -> Practice:
    """Return the practice in a pass; not rehearsing without a pass."""
    return NOT_REHEARSING if kept is None else decode_practice(kept.text, kept.card)


@dataclass(frozen=True, slots=True)
class TakingASeat:
    """The decision about a person who joins, as a function of their pass and the room."""

    name: str = field(repr=False)
    occasion: Occasion
    script: Script
    ticket: str = field(default="", repr=False)

    def __call__(self, before: Pass | None, shared: Shared | None) -> PassDecision | None:
        """Return a new seat, or the reason why there is none; None if the person already has a seat."""
        room, practice = room_in(shared), practice_in(before)
        if before is not None and (before.host or practice.is_under_way):
            return None
        if shared is None or room is None:
            return PassDecision(before, (NO_ROOM,))
        turned = seated(room, Coming(self.occasion, self.ticket, practice), script=self.script)
        empty = before or Pass(self.name, shared.name, shared.until)
        return _kept(turned, empty)


@dataclass(frozen=True, slots=True)
class Pressing:
    """The decision about a button that a guest pressed, as a function of their pass and the room."""

    event: Pressed
    script: Script
    room: str = field(repr=False)
    """The room on whose page the button was."""

    def __call__(self, before: Pass | None, shared: Shared | None) -> PassDecision | None:
        """Return the pass after the button; None without a pass to this room, or for the pass of a screen, which presses nothing."""
        if before is None or before.host or before.room != self.room:
            return None
        practice, room = practice_in(before), room_in(shared)
        return _kept(seat_pressed(practice, self.event, script=self.script, card=before.card, room=room), before)


def _kept(turned: RehearsalTurn, before: Pass) -> PassDecision:
    """Return the pass and the toasts. A guest who has left, and is counted nowhere, loses the pass."""
    practice = turned.practice
    is_kept = practice.is_under_way or bool(practice.history.counted_in)
    card = max(turned.card, before.card)
    text = encode_practice(practice)
    after = Pass(before.name, before.room, before.until, card, text) if is_kept else None
    said = tuple(each for each in turned.effects if isinstance(each, Toast))
    return PassDecision(after, said, "" if turned.room is None else encode_room(turned.room))


def is_seated(kept: Pass | None) -> bool:
    """Return True if the person has a seat, or continues alone after the room has ended."""
    return kept is not None and not kept.host and practice_in(kept).is_under_way


def card_of(kept: Pass, script: Script, *, now: LocalTime) -> Card | None:
    """Return a guest's card; None if they have left, or the pass is a screen's."""
    return None if kept.host else guest_card(practice_in(kept), script, now=now, card=kept.card)


def card_before_joining(
    held: Pass | None, shared: Shared | None, script: Script, *, occasion: Occasion, ticket: str
) -> tuple[Card | None, tuple[Toast, ...]]:
    """Return the card that a person reads before they join the room; None and the reason if they cannot."""
    room = room_in(shared)
    if room is None:
        return None, (NO_ROOM,)
    turned = before_joining(room, Coming(occasion, ticket, practice_in(held)), script=script)
    said = tuple(each for each in turned.effects if isinstance(each, Toast))
    return guest_card(turned.practice, script, now=occasion.now, card=turned.card), said
