"""The conversation in an open chat: its script, its cards and documents, and the mode that can take its place (rehearsals)."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from bot.access.account import Account, Terms
from bot.access.due import with_account
from bot.conversation.documents import document, hand_of
from bot.conversation.records import is_at_list, list_of_cases, session_of
from bot.crypto.at_random import References, make_code
from bot.runtime.clock import Clock, local_time
from bot.runtime.errors import StoreFault
from bot.storage.store import Store
from bot.storage.values import Decision, OwedDocument, Record, Shared
from bot.summaries.file import File
from dialogs.cards.cases import cases_card
from dialogs.cards.show import show
from dialogs.core.codec import NewerSession
from dialogs.core.events import Event, Lapsed, Occasion
from dialogs.core.replies import Card, Document
from dialogs.core.role import ADMINISTERING, LEADING, Role
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.path import begin
from dialogs.summary.carried import at_result
from seraf.advice.contacts import Check, LocalTime
from seraf.form.instrument import Instrument
from state_machines.assessment import Phase

FindShared = Callable[[str], Shared | None]  # returns the room with this name, or None; a mode looks up nothing else


class Mode(Protocol):
    """A mode that can take the place of the conversation, such as a rehearsal. Its data is in the record, apart from the case."""

    def is_under_way(self, record: Record) -> bool:
        """Return True while the mode is active. It then decides about events, and its card is shown."""

    def left(self, record: Record) -> Record:
        """Return the record after the mode was left. What the mode keeps of earlier times remains."""

    def follows(self, record: Record) -> bool:
        """Return True if the mode's card depends on what other people do, so that it changes when they act."""

    def answer(self, record: Record, event: Event, *, script: Script, shared: FindShared) -> Decision | Record:
        """Return the mode's decision about an event. If the event is not for the mode, return the record to continue with."""

    def followed(self, passed: Decision, event: Lapsed, *, script: Script, shared: FindShared) -> Decision:
        """Return the decision `passed`, which time has caused, with the mode's card updated by what other people did."""

    def card(self, record: Record, script: Script, *, now: LocalTime, notice: str) -> Card | None:
        """Return the card of the mode, or None if the mode is not active."""

    def has_document(self, record: Record, kind: str) -> bool:
        """Return True if the mode can make this kind of document now."""

    def document(self, record: Record, kind: str, *, script: Script) -> File | None:
        """Return the document, or None if there is nothing to write in it. Raise `DocumentFault` if it cannot be made."""


class CheckedContacts:
    """The latest checks of contacts. They are read again and again, since an operator can add one while the bot runs."""

    def __init__(self) -> None:
        self.latest: tuple[Check, ...] = ()

    async def refresh(self, store: Store) -> None:
        """Read the checks from the store, so that the next card has them. If the store fails, keep the previous ones."""
        with suppress(StoreFault):
            self.latest = await store.read(lambda t: t.contact_checks.latest())

    def laid_over(self, script: Script) -> Script:
        """Return the script in which these checks are applied to the contacts."""
        return replace(script, pack=replace(script.pack, contacts=script.pack.contacts.with_checks(self.latest)))


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: its script, a clock, a source of references, and the mode that can take its place.

    `editions` are the instruments with which earlier sessions began, `checked` the latest checks of contacts, and
    `fresh_code` draws a code for a room. If `counts` is True, monthly counts are stored, which name no person and no case. `sees_people`
    are the roles with cards of people: where there are teams, those who manage one, too.
    """

    bare_script: Script
    clock: Clock
    references: References
    mode: Mode
    editions: Mapping[str, Instrument] = field(default_factory=dict)
    checked: CheckedContacts = field(default_factory=CheckedContacts)
    fresh_code: References = make_code
    counts: bool = False
    sees_people: frozenset[Role] = ADMINISTERING

    @property
    def has_teams(self) -> bool:
        """True if managers see the people of their teams."""
        return self.sees_people == LEADING

    @property
    def script(self) -> Script:
        """The script in which the latest checks are applied to the contacts."""
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
        """Return the current local time, a reference for a case that may begin now, and the source of codes."""
        return Occasion(local_time(self.clock.now()), self.references(), self.fresh_code)

    def card(self, record: Record, notice: str = "") -> Card | None:
        """Return the card that the person should see now, or None if their chat should be empty."""
        now = local_time(self.clock.now())
        if self.mode.is_under_way(record):
            card = self.mode.card(record, self.script, now=now, notice=notice)
            if card is not None:
                return card
        session = session_of(record)
        if is_at_list(record):
            return cases_card(
                begin(session), list_of_cases(record), closed=record.closed, script=self.script, now=now, notice=notice
            )
        if session.phase is Phase.ERASED and session.overlay is None and self.bare_script.channel.can_empty:
            return None
        return show(session, self.script_for(session), now, notice)

    def is_closed(self, record: Record) -> bool:
        """Return True if nothing of a case may be shown to the person now. Without a lock screen, this is always False."""
        return False

    def may_have(self, record: Record, owed: OwedDocument) -> bool:
        """Return True if the document may be sent to the person now. Without a lock screen, this is always True."""
        return True

    def document(self, record: Record, owed: OwedDocument) -> File | None:
        """Return the document, or None if there is nothing to write in it any more. Raise `DocumentFault` if it cannot be made."""
        if owed.is_of_rehearsal:
            return self.mode.document(record, owed.kind, script=self.script)
        session = finished(record, owed)
        if session is None:
            return None
        script, now = self.script_for(session), local_time(self.clock.now())
        return document(session, script, kind=owed.kind, by=hand_of(record), now=now)

    def kept(self, record: Record, account: Account, *, at: datetime, terms: Terms) -> Record:
        """Return the record with the account after a turn. If the mode's card depends on others, it stays due, to be shown again."""
        kept = with_account(record, account, at=at, terms=terms)
        if record.due is None or not self.mode.follows(record):
            return kept
        return replace(kept, due=min(record.due, kept.due or record.due))


def finished(record: Record, owed: OwedDocument) -> Session | None:
    """Return the finished session that this document is about, or None if its case is erased, reopened or not in hand."""
    if record.case is None or record.hand != owed.reference:
        return None
    return at_result(session_of(record))


def with_document(decision: Decision, reference: str, *, occasion: Occasion) -> Decision:
    """Return the decision. If its effects request a document, a write that stores the request is added. Rehearsals have no `reference`."""
    kinds = [each.kind for each in decision.effects if isinstance(each, Document)]
    if not kinds:
        return decision
    owed = OwedDocument(decision.record.person, reference, kinds[0], occasion.now.at.astimezone(UTC))
    return replace(decision, writes=(*decision.writes, owed))
