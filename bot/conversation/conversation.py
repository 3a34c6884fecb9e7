"""A conversation between the store and the core: it turns what a channel heard into a decision, and a record into a card."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC

from bot.access.admission import make_code
from bot.conversation.contact_checks import CheckedContacts
from bot.conversation.sharing import follows, room_in, sharing
from bot.crypto.references import References
from bot.runtime.clock import Clock, local_time, morning_of
from bot.storage.owed_document import OwedDocument
from bot.storage.values import Decide, Decision, NeedsShared, Record, Reminder, Shared
from dialogs.core.codec import NewerSession, decode, encode
from dialogs.core.events import Event, Lapsed, Occasion
from dialogs.core.replies import Card, Document, Reminded
from dialogs.core.script import Script
from dialogs.core.session import Session, fresh, profile_of
from dialogs.form.moves import begin
from dialogs.notes.noting import as_note
from dialogs.rehearsal.core.practice import Practice, decode_practice, encode_practice
from dialogs.rehearsal.turn.cards import show_held
from dialogs.rehearsal.turn.rehearsing import RealAndRehearsed, TurnResult, room_asked, step_any
from seraf.form.instrument import Instrument
from seraf.form.responses import NOTHING
from state_machines.assessment import Phase


@dataclass(frozen=True, slots=True)
class Conversation:
    """How this bot talks: its script, the instruments of sessions that began earlier, a clock and references, what people
    found of the contacts, and fresh codes for rooms.
    """

    script: Script
    clock: Clock
    references: References
    editions: Mapping[str, Instrument] = field(default_factory=dict)
    checked: CheckedContacts = field(default_factory=CheckedContacts)
    lots: References = make_code

    @property
    def today(self) -> Script:
        """The script with its contacts as people last found them."""
        return self.checked.laid_over(self.script)

    def occasion(self) -> Occasion:
        """The occasion of an event that happens now."""
        return Occasion(local_time(self.clock.now()), self.references(), self.lots())

    def is_closed(self, record: Record) -> bool:
        """A conversation without a door is open to whoever holds it."""
        return False

    def decide(self, event: Event, words: str = "") -> Decide:
        """The pure function that answers an event, for the store to call with the person's record.

        `words` are what was typed, where notes are taken; only an open note card makes anything of them.
        """

        def decision(record: Record) -> Decision | NeedsShared:
            held = held_of(record)
            return self._turn(record, held, self._noted(event, words, held))

        return decision

    def _turn(self, record: Record, held: RealAndRehearsed, event: Event) -> Decision | NeedsShared:
        """What an event comes to, once the room that it is about was looked up, if it is about one."""
        code = room_asked(held, event)

        def made(shared: Shared | None) -> Decision:
            """The decision beside what others share."""
            turned = step_any(held, event, self.script_for(held), room_in(shared))
            after = _record_of(record, turned.held.session)
            after = replace(after, rehearsal=encode_practice(turned.held.practice))
            after = replace(after, active=event.occasion.now.at.astimezone(UTC))
            decision = _with_what_is_kept_beside(Decision(after, turned.effects), turned, event.occasion)
            return sharing(decision, turned, shared, event.occasion)

        return NeedsShared(code, made) if code else made(None)

    def followed(self, passed: Decision, event: Lapsed) -> Decision | NeedsShared:
        """What time brought about, with the card of somebody in a room or a pair as that is now."""
        try:
            held = held_of(passed.record)
        except NewerSession:
            return passed
        if not follows(held.practice):
            return passed

        def made(shared: Shared | None) -> Decision:
            """The decision beside what others share."""
            turned = step_any(held, event, self.script_for(held), room_in(shared))
            after = replace(passed.record, rehearsal=encode_practice(turned.held.practice))
            return sharing(replace(passed, record=after), turned, shared, event.occasion)

        return NeedsShared(held.practice.room, made)

    def card(self, record: Record, notice: str = "") -> Card | None:
        """The card that the person should see now, or None where the chat is to be left empty."""
        held = held_of(record)
        is_empty = held.session.phase is Phase.ERASED and held.session.overlay is None
        if is_empty and not held.practice.is_under_way and self.script.channel.can_empty:
            return None
        return show_held(held, self.script_for(held), local_time(self.clock.now()), notice)

    def _noted(self, event: Event, words: str, held: RealAndRehearsed) -> Event:
        """The event as a note of a real case, where it is one; nothing that is typed in a rehearsal is kept."""
        if held.practice.is_under_way:
            return event
        return as_note(event, words, held.session, self.script_for(held))

    def script_for(self, held: RealAndRehearsed) -> Script:
        """The script with the instrument that the session began with; contacts and guidance are always today's.

        What is rehearsed is always today's.
        """
        script, instrument = self.today, self.editions.get(held.session.fingerprint)
        if (
            held.practice.is_under_way
            or instrument is None
            or instrument.fingerprint == script.pack.instrument.fingerprint
        ):
            return script
        return replace(script, pack=replace(script.pack, instrument=instrument))


def session_of(record: Record) -> Session:
    """The session that a record keeps. What is no case stands in the profile: the person's own answers, and where they look."""
    if record.case is not None:
        return replace(decode(record.case), card=record.card)
    if record.profile in ("", "{}"):
        return fresh(record.card, NOTHING)
    return replace(decode(record.profile), card=record.card)


def held_of(record: Record) -> RealAndRehearsed:
    """All that is kept of a person's conversation."""
    return RealAndRehearsed(session_of(record), practice_of(record))


def practice_of(record: Record) -> Practice:
    """What is rehearsed, whatever is kept of a case."""
    return decode_practice(record.rehearsal, record.card)


def reference_of(record: Record) -> str:
    """The reference of the case that is kept; empty where there is none, or where a newer release wrote it."""
    if record.case is not None:
        with suppress(NewerSession):
            return session_of(record).reference
    return ""


def caseless(record: Record) -> Record:
    """The record without its case, with what is remembered of the person. A case of a newer release goes all the same."""
    try:
        return _record_of(record, begin(session_of(record)))
    except NewerSession:
        return replace(record, case=None, phase=str(Phase.WELCOME), edition="")


def _with_what_is_kept_beside(decision: Decision, turned: TurnResult, occasion: Occasion) -> Decision:
    """The decision, with the reminder or the document that was asked for.

    What was asked for in a rehearsal has no reference, and so is of no case: no SERAF's document comes out of one.
    """
    person, reference, at = decision.record.person, turned.held.session.reference, occasion.now.at.astimezone(UTC)
    for effect in turned.effects:
        match effect:
            case Reminded(day):
                effects = tuple(each for each in turned.effects if each is not effect)
                return replace(decision, effects=effects, reminder=Reminder(person, reference, morning_of(day)))
            case Document(kind):
                of = "" if turned.held.practice.is_under_way else reference
                return replace(decision, document=OwedDocument(person, of, kind, at))
            case _:
                pass
    return decision


def _record_of(record: Record, session: Session) -> Record:
    idle = session if not session.has_case else fresh(session.card, profile_of(session))
    return replace(
        record,
        card=session.card,
        profile=encode(idle),
        case=encode(session) if session.has_case else None,
        phase=str(session.phase),
        edition=session.fingerprint,
    )
