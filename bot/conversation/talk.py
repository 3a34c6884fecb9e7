"""The conversation in an open chat: its script, a mode that can take it over, its cards and its documents."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from bot.access.account import Account, Terms
from bot.access.due import with_account
from bot.conversation.documents import document
from bot.conversation.records import session_of
from bot.crypto.at_random import References, make_code
from bot.runtime.clock import Clock, local_time
from bot.runtime.errors import StoreFault
from bot.storage.store import Store
from bot.storage.values import Decision, OwedDocument, Record, Shared
from bot.summaries.file import File
from dialogs.cards.show import show
from dialogs.core.codec import NewerSession
from dialogs.core.events import Event, Lapsed, Occasion
from dialogs.core.replies import Card, Document
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.summary.carried import at_result
from seraf.advice.contacts import Check, LocalTime
from seraf.form.instrument import Instrument
from state_machines.assessment import Phase

FindShared = Callable[[str], Shared | None]  # returns the room with this name, or None; a mode can look up nothing else


class Mode(Protocol):
    """A mode that takes over the conversation, such as a rehearsal. Its data is in the record, separate from the case."""

    def is_under_way(self, record: Record) -> bool:
        """Return True while the mode is active: it takes the events, and shows its card."""

    def follows(self, record: Record) -> bool:
        """Return True if the mode's card shows what other people do, and so changes when they act."""

    def answer(self, record: Record, event: Event, *, script: Script, shared: FindShared) -> Decision | Record:
        """Return the mode's decision about an event, or the record to continue with if the event is for the conversation."""

    def followed(self, passed: Decision, event: Lapsed, *, script: Script, shared: FindShared) -> Decision:
        """Return the decision that passing time caused, with the card updated by what other people did."""

    def card(self, record: Record, script: Script, *, now: LocalTime, notice: str) -> Card | None:
        """Return the card of the mode, or None if it is not under way."""

    def has_document(self, record: Record, kind: str) -> bool:
        """Return True if the mode can make this kind of document now."""

    def document(self, record: Record, kind: str, *, script: Script) -> File | None:
        """Return the document, or None if there is nothing to put in it. Raise `DocumentFault` if it cannot be made."""


class CheckedContacts:
    """The latest checks of contacts. They are read from the store regularly, since an operator may add one at any time."""

    def __init__(self) -> None:
        self.latest: tuple[Check, ...] = ()

    async def refresh(self, store: Store) -> None:
        """Read the checks from the store, for the next card. If that fails, the previous ones stay."""
        with suppress(StoreFault):
            self.latest = await store.read(lambda t: t.contact_checks.latest())

    def laid_over(self, script: Script) -> Script:
        """Return the script with its contacts updated by the checks."""
        return replace(script, pack=replace(script.pack, contacts=script.pack.contacts.with_checks(self.latest)))


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: its script, a clock, a source of references, and the mode that can take the place of a case.

    `editions` are the instruments with which earlier sessions began, `checked` the latest checks of contacts, and
    `fresh_code` draws a code for a room. If `counts` is True, monthly counts are stored, which name no person and no case.
    """

    bare_script: Script
    clock: Clock
    references: References
    mode: Mode
    editions: Mapping[str, Instrument] = field(default_factory=dict)
    checked: CheckedContacts = field(default_factory=CheckedContacts)
    fresh_code: References = make_code
    counts: bool = False

    @property
    def script(self) -> Script:
        """The script, with its contacts updated by the latest checks."""
        return self.checked.laid_over(self.bare_script) if self.checked.latest else self.bare_script

    def script_for(self, session: Session) -> Script:
        """Return the script with the instrument that the session began with; contacts and guidance are always today's.

        Raise `NewerSession` if a case began with an instrument that was stored after this program started.
        """
        script, instrument = self.script, self.editions.get(session.fingerprint)
        if session.fingerprint == script.pack.instrument.fingerprint or (instrument is None and not session.has_case):
            return script
        if instrument is None:  # its answers must not be scored by another form
            raise NewerSession(
                "A copy of the program with another pack began this case. Restart this one with the same pack."
            )
        return replace(script, pack=replace(script.pack, instrument=instrument))

    def occasion(self) -> Occasion:
        """Return the local time of this turn, with the references and codes that it may draw."""
        return Occasion(local_time(self.clock.now()), self.references(), self.fresh_code)

    def card(self, record: Record, notice: str = "") -> Card | None:
        """Return the card that the person should see now, or None if the chat is to be left empty."""
        now = local_time(self.clock.now())
        if self.mode.is_under_way(record):
            card = self.mode.card(record, self.script, now=now, notice=notice)
            if card is not None:
                return card
        session = session_of(record)
        if session.phase is Phase.ERASED and session.overlay is None and self.bare_script.channel.can_empty:
            return None
        return show(session, self.script_for(session), now, notice)

    def is_closed(self, record: Record) -> bool:
        """Return True if no part of a case may be shown to the person now. A conversation without a lock screen always returns False."""
        return False

    def may_have(self, record: Record, owed: OwedDocument) -> bool:
        """Return True if the document may be sent to the person now. A conversation without a lock screen always allows it."""
        return True

    def document(self, record: Record, owed: OwedDocument) -> File | None:
        """Return the document, or None if there is no longer anything to put in it. Raise `DocumentFault` if it cannot be made."""
        if owed.is_of_rehearsal:
            return self.mode.document(record, owed.kind, script=self.script)
        session = finished(record, owed)
        if session is None:
            return None
        return document(session, self.script_for(session), kind=owed.kind, now=local_time(self.clock.now()))

    def kept(self, record: Record, account: Account, *, at: datetime, terms: Terms) -> Record:
        """Return the record with the account after a turn. It stays due if others changed the mode's card, which must then be shown."""
        kept = with_account(record, account, at=at, terms=terms)
        if record.due is None or not self.mode.follows(record):
            return kept
        return replace(kept, due=min(record.due, kept.due or record.due))


def finished(record: Record, owed: OwedDocument) -> Session | None:
    """Return the finished session of this document, or None if its case was erased, is unfinished or has another reference."""
    if record.case is None:
        return None
    session = at_result(session_of(record))
    return session if session is not None and session.reference == owed.reference else None


def with_document(decision: Decision, reference: str, *, occasion: Occasion) -> Decision:
    """Return the decision with a write for the document that its effects request, if any. `reference` is empty for a rehearsal."""
    kinds = [each.kind for each in decision.effects if isinstance(each, Document)]
    if not kinds:
        return decision
    owed = OwedDocument(decision.record.person, reference, kinds[0], occasion.now.at.astimezone(UTC))
    return replace(decision, writes=(*decision.writes, owed))
