"""Rooms in the store: a text under a code, for a day, with the people whose cards follow the room."""

from dataclasses import replace
from datetime import UTC, timedelta

from bot.storage.values import Decision, Shared, SharedEnded
from dialogs.core.events import Occasion
from dialogs.rehearsal.core.practice import Practice
from dialogs.rehearsal.core.rooms import Room, decode_room, encode_room
from dialogs.rehearsal.turn.alone import RehearsalTurn
from state_machines.rehearsal import Together

LASTS = timedelta(days=1)
"""The longest time for which a room or a pair is open."""


def room_in(shared: Shared | None) -> Room | None:
    """Return the stored room; None if there is none, or a newer release wrote it."""
    return None if shared is None else decode_room(shared.text)


def sharing(decision: Decision, turned: RehearsalTurn, *, before: Shared | None, occasion: Occasion) -> Decision:
    """Return the decision with the room that the turn changed, or with the room's end."""
    if turned.room is None:
        return replace(decision, writes=(*decision.writes, SharedEnded(turned.ends))) if turned.ends else decision
    person = decision.record.person
    others = tuple(each for each in (before.people if before else ()) if each != person)
    people = (*others, person) if follows(turned.practice) else others
    until = before.until if before else occasion.now.at.astimezone(UTC) + LASTS
    left = Shared(turned.room.code, encode_room(turned.room), until, people)
    return replace(decision, writes=(*decision.writes, left))


def follows(practice: Practice) -> bool:
    """Return True if the card changes with the room: the host's, and both cards of a pair."""
    return bool(practice.membership.room) and (practice.is_host or practice.together is Together.PAIR)
