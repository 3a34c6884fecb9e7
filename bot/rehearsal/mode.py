"""Rehearsals as a mode of the conversation. A rehearsal is stored in the person's record, apart from their real case."""

from dataclasses import dataclass, replace
from datetime import UTC

from bot.access.account import Account, read_account
from bot.conversation.records import session_of
from bot.conversation.talk import FindShared, with_document
from bot.rehearsal.rooms import follows, room_in, sharing
from bot.storage.values import Decision, Record
from bot.summaries.file import File
from dialogs.core.codec import NewerSession
from dialogs.core.events import Event, Lapsed
from dialogs.core.replies import Card
from dialogs.core.script import Script
from dialogs.form.path import begin
from dialogs.rehearsal.core.practice import Practice, decode_practice, encode_practice, left
from dialogs.rehearsal.turn.alone import Person, is_rehearsed, rehearse, room_asked, still_rehearsable
from dialogs.rehearsal.turn.cards import show_rehearsal
from dialogs.turn.roles import command_of
from seraf.advice.contacts import LocalTime

BEGINNING = frozenset({"rehearse", "room", "join", "pair"})  # commands that can begin a rehearsal, also as a button


def practice_of(record: Record) -> Practice:
    """Return the rehearsal in a record. The record's case is not read."""
    return decode_practice(record.rehearsal, record.card)


def is_covered(record: Record) -> bool:
    """Return True if whom to call for a colleague's real case lies over everything, as that case's card lies over the rehearsal."""
    account = read_account(record.access)
    return isinstance(account, Account) and bool(account.sharing) and session_of(record).overlay is not None


@dataclass(frozen=True, slots=True)
class Rehearsals:
    """The mode of rehearsals, as the conversation uses it."""

    def is_under_way(self, record: Record) -> bool:
        return bool(record.rehearsal) and practice_of(record).is_under_way and not is_covered(record)

    def left(self, record: Record) -> Record:
        if not self.is_under_way(record):
            return record
        return replace(record, rehearsal=encode_practice(left(practice_of(record))))

    def follows(self, record: Record) -> bool:
        return bool(record.rehearsal) and follows(practice_of(record))

    def answer(self, record: Record, event: Event, *, script: Script, shared: FindShared) -> Decision | Record:
        if not record.rehearsal and command_of(event) not in BEGINNING:
            return record
        stored = practice_of(record)
        if stored.is_under_way and is_covered(record):
            return record
        practice = still_rehearsable(stored, script.pack)
        is_idle = not practice.is_under_way and command_of(event) not in BEGINNING
        session = session_of(record)
        if is_idle or not is_rehearsed(practice, event, session=session):
            return record if practice == stored else replace(record, rehearsal=encode_practice(practice))
        code = room_asked(practice, event)
        before, person = shared(code) if code else None, Person(record.card, begin(session))
        turned = rehearse(practice, event, script=script, person=person, room=room_in(before))
        rehearsal, active = encode_practice(turned.practice), event.occasion.now.at.astimezone(UTC)
        after = replace(record, card=turned.card, rehearsal=rehearsal, active=active)
        decision = with_document(Decision(after, turned.effects), "", occasion=event.occasion)
        return sharing(decision, turned, before=before, occasion=event.occasion)

    def followed(self, passed: Decision, event: Lapsed, *, script: Script, shared: FindShared) -> Decision:
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
        after = replace(record, card=turned.card, rehearsal=encode_practice(turned.practice))
        decision = replace(passed, record=after)
        return sharing(decision, turned, before=before, occasion=event.occasion)

    def card(self, record: Record, script: Script, *, now: LocalTime, notice: str) -> Card | None:
        practice = still_rehearsable(practice_of(record), script.pack) if record.rehearsal else None
        if practice is None or not practice.is_under_way:
            return None
        return show_rehearsal(practice, script, now=now, card=record.card, notice=notice)

    def has_document(self, record: Record, kind: str) -> bool:
        from bot.rehearsal.documents import MAKING  # slow to import, and rarely needed

        return kind in MAKING and self.is_under_way(record)

    def document(self, record: Record, kind: str, *, script: Script) -> File | None:
        from bot.rehearsal.documents import MAKING

        return MAKING[kind](practice_of(record), script) if self.has_document(record, kind) else None


REHEARSALS = Rehearsals()
