"""Guests between store and core: their pass in, a room's rehearsal out. What they do has no record of a person in reach."""

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
    """What a guest rehearses; nothing where they have no pass."""
    return NOT_REHEARSING if kept is None else decode_practice(kept.text, kept.card)


@dataclass(frozen=True, slots=True)
class TakingASeat:
    """The answer to somebody who joins, as a function of their pass and the room."""

    name: str = field(repr=False)
    occasion: Occasion
    script: Script
    ticket: str = field(default="", repr=False)

    def __call__(self, before: Pass | None, shared: Shared | None) -> PassDecision | None:
        """A seat, or the one that is held already; why not, where there is none to take."""
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
    """The answer to a button that a guest pressed, as a function of their pass and the room."""

    event: Pressed
    script: Script
    room: str = field(repr=False)
    """The room at whose page it was pressed."""

    def __call__(self, before: Pass | None, shared: Shared | None) -> PassDecision | None:
        """The pass after it; None where they have none, or one to another room, or a screen's, which presses nothing."""
        if before is None or before.host or before.room != self.room:
            return None
        practice, room = practice_in(before), room_in(shared)
        return _kept(seat_pressed(practice, self.event, script=self.script, card=before.card, room=room), before)


def _kept(turned: RehearsalTurn, before: Pass) -> PassDecision:
    """The pass, which a guest who has left gives back, and which is counted nowhere; and what is said in passing."""
    practice = turned.practice
    is_kept = practice.is_under_way or bool(practice.counted_in)
    card = max(turned.card, before.card)
    text = encode_practice(practice)
    after = Pass(before.name, before.room, before.until, card, text) if is_kept else None
    said = tuple(each for each in turned.effects if isinstance(each, Toast))
    return PassDecision(after, said, "" if turned.room is None else encode_room(turned.room))


def is_seated(kept: Pass | None) -> bool:
    """Whether somebody has a seat, or has gone on alone since their room is over."""
    return kept is not None and not kept.host and practice_in(kept).is_under_way


def card_of(kept: Pass, script: Script, *, now: LocalTime) -> Card | None:
    """A guest's card; None where they have left, and where the pass is a screen's."""
    return None if kept.host else guest_card(practice_in(kept), script, now=now, card=kept.card)


def card_before_joining(
    held: Pass | None, shared: Shared | None, script: Script, *, occasion: Occasion, ticket: str
) -> tuple[Card | None, tuple[Toast, ...]]:
    """What somebody reads before they join the room; none where they cannot, and why."""
    room = room_in(shared)
    if room is None:
        return None, (NO_ROOM,)
    turned = before_joining(room, Coming(occasion, ticket, practice_in(held)), script=script)
    said = tuple(each for each in turned.effects if isinstance(each, Toast))
    return guest_card(turned.practice, script, now=occasion.now, card=turned.card), said
