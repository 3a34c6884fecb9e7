"""A conversation between the store and the core: the session in a record, `step`, and the record again; and its card."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC

from bot.conversation.contact_checks import CheckedContacts
from bot.conversation.counting import counts_of_turn
from bot.conversation.mode import Mode
from bot.conversation.records import session_of, with_session
from bot.crypto.one_time_codes import make_code
from bot.crypto.references import References
from bot.runtime.clock import Clock, local_time, morning_of
from bot.storage.values import Decide, Decision, NeedsShared, OwedDocument, Record, Reminder
from dialogs.cards.show import show
from dialogs.core.events import Event, Lapsed, Occasion
from dialogs.core.replies import Card, Document, Reminded
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.notes.noting import as_note
from dialogs.turn.step import step
from seraf.form.instrument import Instrument
from state_machines.assessment import Phase


@dataclass(frozen=True, slots=True)
class Conversation:
    """How this bot talks: its script, a clock and references, and the mode that may be entered instead of it.

    `editions` are the instruments of sessions that began earlier, `checked` what people found of the contacts, and
    `fresh_code` draws a code for a room. Where it `counts`, numbers by month are kept, of no person and no case.
    """

    script: Script
    clock: Clock
    references: References
    mode: Mode
    editions: Mapping[str, Instrument] = field(default_factory=dict)
    checked: CheckedContacts = field(default_factory=CheckedContacts)
    fresh_code: References = make_code
    counts: bool = False

    @property
    def today(self) -> Script:
        """The script with its contacts as people last found them."""
        return self.checked.laid_over(self.script)

    def occasion(self) -> Occasion:
        """The occasion of an event that happens now."""
        return Occasion(local_time(self.clock.now()), self.references(), self.fresh_code())

    def is_closed(self, record: Record) -> bool:
        """A conversation without a door is always open."""
        return False

    def decide(self, event: Event, words: str = "") -> Decide:
        """The pure function that answers an event, for the store to call with the person's record.

        `words` are what was typed, where notes are taken; only an open note card makes anything of them.
        """
        return Turn(self, event, words)

    def followed(self, passed: Decision, event: Lapsed) -> Decision | NeedsShared:
        """What time brought about, with the card of a mode that follows others as that is now."""
        return self.mode.followed(passed, event, script=self.today)

    def card(self, record: Record, notice: str = "") -> Card | None:
        """The card that the person should see now, or None where the chat is to be left empty."""
        now = local_time(self.clock.now())
        if self.mode.is_under_way(record):
            card = self.mode.card(record, self.today, now=now, notice=notice)
            if card is not None:
                return card
        session = session_of(record)
        if session.phase is Phase.ERASED and session.overlay is None and self.script.channel.can_empty:
            return None
        return show(session, self.script_for(session), now, notice)

    def script_for(self, session: Session) -> Script:
        """The script with the instrument that the session began with; contacts and guidance are always today's."""
        script, instrument = self.today, self.editions.get(session.fingerprint)
        if instrument is None or instrument.fingerprint == script.pack.instrument.fingerprint:
            return script
        return replace(script, pack=replace(script.pack, instrument=instrument))


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer to one event, as a function of the person's record."""

    conversation: Conversation
    event: Event
    words: str = field(default="", repr=False)

    def __call__(self, record: Record) -> Decision | NeedsShared:
        """The record after the event, with what else is to happen."""
        mode, script = self.conversation.mode, self.conversation.today
        made = mode.answer(record, self.event, script=script)
        return self._real(made) if isinstance(made, Record) else made

    def _real(self, record: Record) -> Decision:
        """A real case's turn."""
        session = session_of(record)
        script = self.conversation.script_for(session)
        event = as_note(self.event, self.words, session=session, script=script)
        reply = step(session, event, script)
        after = with_session(record, reply.session, active=event.occasion.now.at.astimezone(UTC))
        counts = (
            counts_of_turn(session, reply.session, script, now=event.occasion.now) if self.conversation.counts else ()
        )
        return _with_what_is_kept_beside(
            Decision(after, reply.effects, counts=counts), reply.session.reference, occasion=event.occasion
        )


def _with_what_is_kept_beside(decision: Decision, reference: str, *, occasion: Occasion) -> Decision:
    """The decision, with the reminder or the document that was asked for."""
    for effect in decision.effects:
        if isinstance(effect, Reminded):
            others = tuple(each for each in decision.effects if each is not effect)
            reminder = Reminder(decision.record.person, reference, morning_of(effect.day))
            return replace(decision, effects=others, reminder=reminder)
    return with_document(decision, reference, occasion=occasion)


def with_document(decision: Decision, reference: str, *, occasion: Occasion) -> Decision:
    """The decision, with the document that was asked for, if any; one of a rehearsal has no reference."""
    kinds = [each.kind for each in decision.effects if isinstance(each, Document)]
    if not kinds:
        return decision
    return replace(
        decision, document=OwedDocument(decision.record.person, reference, kinds[0], occasion.now.at.astimezone(UTC))
    )
