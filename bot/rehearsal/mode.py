"""Rehearsals as a mode apart from the conversation: read from the record, answered, and written back next to the case."""

from dataclasses import dataclass, replace
from datetime import UTC

from bot.conversation.records import session_of
from bot.conversation.talk import FindShared, with_document
from bot.rehearsal.sharing import follows, room_in, sharing
from bot.storage.values import Decision, Record
from bot.summaries.file import File
from dialogs.core.codec import NewerSession
from dialogs.core.events import Event, Lapsed
from dialogs.core.replies import Card
from dialogs.core.script import Script
from dialogs.form.path import begin
from dialogs.rehearsal.core.practice import Practice, decode_practice, encode_practice
from dialogs.rehearsal.turn.alone import Person, RehearsalTurn, is_rehearsed, rehearse, room_asked, still_rehearsable
from dialogs.rehearsal.turn.cards import show_rehearsal
from dialogs.turn.roles import command_of
from seraf.advice.contacts import LocalTime

BEGINNING = frozenset({"rehearse", "room", "join", "pair"})
"""What can begin a rehearsal, typed or by a button."""


def practice_of(record: Record) -> Practice:
    """What is rehearsed, whatever is kept of a case."""
    return decode_practice(record.rehearsal, record.card)


@dataclass(frozen=True, slots=True)
class Rehearsals:
    """The mode of those who rehearse."""

    def is_under_way(self, record: Record) -> bool:
        """Whether something is rehearsed, so that no case is shown meanwhile."""
        return bool(record.rehearsal) and practice_of(record).is_under_way

    def follows(self, record: Record) -> bool:
        """Whether the card changes with a room: that of the person who runs it, and those of a pair."""
        return bool(record.rehearsal) and follows(practice_of(record))

    def answer(self, record: Record, event: Event, *, script: Script, shared: FindShared) -> Decision | Record:
        """Return what the rehearsal makes of an event; the record to go on with where the event is none of its own."""
        if not record.rehearsal and command_of(event) not in BEGINNING:
            return record
        kept = practice_of(record)
        practice = still_rehearsable(kept, script.pack)
        is_idle = not practice.is_under_way and command_of(event) not in BEGINNING
        session = session_of(record)
        if is_idle or not is_rehearsed(practice, event, session=session):
            return record if practice == kept else replace(record, rehearsal=encode_practice(practice))
        code = room_asked(practice, event)
        before, person = shared(code) if code else None, Person(record.card, begin(session))
        turned = rehearse(practice, event, script=script, person=person, room=room_in(before))
        after = _with_practice(record, turned)
        after = replace(after, active=event.occasion.now.at.astimezone(UTC))
        made = with_document(Decision(after, turned.effects), "", occasion=event.occasion)
        return sharing(made, turned, before=before, occasion=event.occasion)

    def followed(self, passed: Decision, event: Lapsed, *, script: Script, shared: FindShared) -> Decision:
        """Return what time brought about, with the card of somebody in a room or a pair as that is now."""
        record = passed.record
        if not self.follows(record):
            return passed
        try:
            session = session_of(record)
        except NewerSession:
            return passed
        practice = still_rehearsable(practice_of(record), script.pack)
        before, person = shared(practice_of(record).membership.room), Person(record.card, begin(session))
        turned = rehearse(practice, event, script=script, person=person, room=room_in(before))
        return sharing(
            replace(passed, record=_with_practice(record, turned)), turned, before=before, occasion=event.occasion
        )

    def card(self, record: Record, script: Script, *, now: LocalTime, notice: str) -> Card | None:
        """The card of the rehearsal; None where there is none, or today's pack has it no more."""
        if not record.rehearsal:
            return None
        practice = still_rehearsable(practice_of(record), script.pack)
        if not practice.is_under_way:
            return None
        return show_rehearsal(practice, script, now=now, card=record.card, notice=notice)

    def has_document(self, record: Record, kind: str) -> bool:
        """Whether there is something of which such a document can be made: a rehearsal is under way."""
        from bot.rehearsal.documents import MAKING  # what draws and prints is slow to import, and seldom asked for

        return kind in MAKING and self.is_under_way(record)

    def document(self, record: Record, kind: str, *, script: Script) -> File | None:
        """The document; None where nothing is rehearsed any more. `DocumentFault` where it cannot be made."""
        from bot.rehearsal.documents import MAKING

        return MAKING[kind](practice_of(record), script) if self.has_document(record, kind) else None


def _with_practice(record: Record, turned: RehearsalTurn) -> Record:
    return replace(record, card=turned.card, rehearsal=encode_practice(turned.practice))


REHEARSALS = Rehearsals()

__all__ = ["REHEARSALS", "Rehearsals", "practice_of"]
