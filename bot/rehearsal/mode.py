"""Rehearsals as a mode separate from the conversation: read from the record, answered, and written back next to the case."""

from dataclasses import dataclass, field, replace
from datetime import UTC

from bot.conversation.conversation import with_document
from bot.conversation.records import session_of
from bot.rehearsal.sharing import follows, room_in, sharing
from bot.storage.values import Decision, NeedsShared, Record, Shared
from bot.summaries.file import File
from dialogs.core.codec import NewerSession
from dialogs.core.events import Event, Lapsed
from dialogs.core.replies import Card
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import begin
from dialogs.rehearsal.core.practice import Practice, decode_practice, encode_practice
from dialogs.rehearsal.turn.alone import Person, is_rehearsed, rehearse, room_asked, still_rehearsable
from dialogs.rehearsal.turn.cards import show_rehearsal
from dialogs.turn.roles import command_of
from seraf.advice.contacts import LocalTime

BEGINNING = frozenset({"rehearse", "room", "join", "pair"})
"""Commands that can start a rehearsal, typed or by a button."""


def practice_of(record: Record) -> Practice:
    """Return the practice in a record, whatever case is there too."""
    return decode_practice(record.rehearsal, record.card)


@dataclass(frozen=True, slots=True)
class Rehearsals:
    """The mode of people who rehearse."""

    def is_under_way(self, record: Record) -> bool:
        """Return True if a rehearsal is under way, so that no case is shown."""
        return bool(record.rehearsal) and practice_of(record).is_under_way

    def follows(self, record: Record) -> bool:
        """Return True if the card changes with a room: the host's, and both cards of a pair."""
        return bool(record.rehearsal) and follows(practice_of(record))

    def answer(self, record: Record, event: Event, *, script: Script) -> Decision | NeedsShared | Record:
        """Return the rehearsal's decision about an event; the record if the event is not for the rehearsal."""
        if not record.rehearsal and command_of(event) not in BEGINNING:
            return record
        kept = practice_of(record)
        practice = still_rehearsable(kept, script.pack)
        is_idle = not practice.is_under_way and command_of(event) not in BEGINNING
        if is_idle or not is_rehearsed(practice, event, session=session_of(record)):
            return record if practice == kept else replace(record, rehearsal=encode_practice(practice))
        turn = RehearsalTurnOf(record, practice, event, script, begin(session_of(record)))
        code = room_asked(practice, event)
        return NeedsShared(code, turn) if code else turn(None)

    def followed(self, passed: Decision, event: Lapsed, *, script: Script) -> Decision | NeedsShared:
        """Return the decision about a lapse of time, with the current card of a person in a room or a pair."""
        if not self.follows(passed.record):
            return passed
        try:
            session = session_of(passed.record)
        except NewerSession:
            return passed
        practice = still_rehearsable(practice_of(passed.record), script.pack)
        turn = RehearsalTurnOf(passed.record, practice, event, script, begin(session), passed)
        return NeedsShared(practice_of(passed.record).room, turn)

    def card(self, record: Record, script: Script, *, now: LocalTime, notice: str) -> Card | None:
        """Return the card of the rehearsal; None if there is none, or its case has gone from the pack."""
        if not record.rehearsal:
            return None
        practice = still_rehearsable(practice_of(record), script.pack)
        if not practice.is_under_way:
            return None
        return show_rehearsal(practice, script, now=now, card=record.card, notice=notice)

    def has_document(self, record: Record, kind: str) -> bool:
        """Return True if a document of that kind can be made: a rehearsal is under way."""
        from bot.rehearsal.documents import MAKING  # what draws and prints is slow to import, and seldom asked for

        return kind in MAKING and self.is_under_way(record)

    def document(self, record: Record, kind: str, *, script: Script) -> File | None:
        """Return the document; None if no rehearsal is under way. Raise DocumentFault if it cannot be made."""
        from bot.rehearsal.documents import MAKING

        return MAKING[kind](practice_of(record), script) if self.has_document(record, kind) else None


@dataclass(frozen=True, slots=True)
class RehearsalTurnOf:
    """One turn of a rehearsal, as a function of the shared room; `passed` is the decision about a lapse of time before it."""

    record: Record
    practice: Practice
    event: Event
    script: Script
    remembered: Session = field(repr=False)
    passed: Decision | None = None

    def __call__(self, shared: Shared | None) -> Decision:
        """Return the record after the turn, with its effect on the room."""
        person = Person(self.record.card, self.remembered)
        turned = rehearse(self.practice, self.event, script=self.script, person=person, room=room_in(shared))
        after = replace(self.record, card=turned.card, rehearsal=encode_practice(turned.practice))
        if self.passed is not None:
            return sharing(replace(self.passed, record=after), turned, before=shared, occasion=self.event.occasion)
        after = replace(after, active=self.event.occasion.now.at.astimezone(UTC))
        made = with_document(Decision(after, turned.effects), "", occasion=self.event.occasion)
        return sharing(made, turned, before=shared, occasion=self.event.occasion)


REHEARSALS = Rehearsals()

__all__ = ["REHEARSALS", "Rehearsals", "practice_of"]
