"""A conversation that only those who were admitted can hold, and that closes: standing is read within each turn."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from bot.access.account import Account, read_account, state_of
from bot.access.admission import Invitation, admitted, make_who, read_invitation
from bot.access.due import due_at, term_of
from bot.access.lock_screen import LockScreen, Visit
from bot.conversation.access_turns import AccessTurns, with_next_card, without_stray_case
from bot.conversation.conversation import Conversation
from bot.conversation.documents import document, may_have
from bot.conversation.people.turns import PeopleTurns
from bot.runtime.clock import LONDON, Clock, local_time
from bot.storage.values import Decide, Decision, Entry, Made, OwedDocument, Record, Redeem, and_then
from bot.summaries.file import File
from bot.trail.audit import AuditEvent
from dialogs.core.events import Event, Lapsed, Occasion
from dialogs.core.replies import Card
from dialogs.core.role import Role
from dialogs.core.script import Script
from dialogs.locked.gate import AccountState
from dialogs.locked.gate_cards import gate_card
from dialogs.people.people_card import read_people_card
from dialogs.turn.roles import may

RANDOM_BYTES = 16
"""Random bytes drawn for each event, so that the decision itself draws none and may be replayed."""


@dataclass(frozen=True, slots=True)
class AdmittedConversation:
    """A conversation behind a door. `admins` are the first administrators, each of whom counts until they have a row."""

    inner: Conversation
    door: LockScreen
    admins: frozenset[str] = frozenset()

    @property
    def script(self) -> Script:
        """The script of today."""
        return self.inner.today

    @property
    def clock(self) -> Clock:
        """What tells the time."""
        return self.inner.clock

    def linked(self, link: str, *, pages: str = "") -> "AdmittedConversation":
        """The same, with the link that opens this chat with the code of a room behind it, and the address of the pages in a
        browser, where there are any.
        """
        script = replace(self.inner.script, link=link, pages=pages)
        return replace(self, inner=replace(self.inner, script=script))

    def occasion(self) -> Occasion:
        """The occasion of an event that happens now."""
        return self.inner.occasion()

    def decide(self, event: Event, *, words: str = "") -> Decide:
        """The pure function that answers an event; it answers nobody who may not use the bot.

        What was typed (`words`) goes to an open conversation alone: no door and no audit sees it.
        """
        return AdmittedTurn(self, event, self.inner.decide(event, words), secrets.token_bytes(RANDOM_BYTES), make_who())

    def redeem(self, event: Event) -> Redeem:
        """How an event that came with a code is answered, by what the code opens."""
        return Redeeming(self, event, self.decide(event))

    def card(self, record: Record, notice: str = "") -> Card | None:
        """The card that the person should see now, or None where the chat is to be left empty."""
        account, now = read_account(record.access), self.clock.now()
        if not isinstance(account, Account) or account.door.is_hidden:
            return None
        is_open = state_of(account, now, terms=self.door.terms) is AccountState.OPEN
        lies = read_people_card(account.people_card) if is_open and may(account.admission.role, "people") else None
        to_do = self._to_do(record, account, is_open=is_open) if lies is None else ()
        lines = (notice, *self._lines(record, account, is_open=is_open), *to_do)
        above = "\n".join(line for line in lines if line)
        if is_open:
            # The digits in memory are the PIN itself: once the chat is open, nothing needs them any more.
            self.door.keypads.clear(record.person)
            return lies.card(record.card, above) if lies is not None else self.inner.card(record, above)
        gate = self.door.gate(account, record.person, card=record.card, now=now)
        return gate_card(gate, record.card, script=self.script, now=local_time(now), notice=above)

    def is_closed(self, record: Record) -> bool:
        """Whether nothing of a case may be shown to the person now."""
        account = read_account(record.access)
        if not isinstance(account, Account) or account.door.is_hidden:
            return True
        return state_of(account, self.clock.now(), terms=self.door.terms) is not AccountState.OPEN

    def may_have(self, record: Record, owed: OwedDocument) -> bool:
        """Whether the person may be sent the document now."""
        return may_have(record, owed, now=local_time(self.clock.now()), terms=self.door.terms, mode=self.inner.mode)

    def document(self, record: Record, owed: OwedDocument) -> File | None:
        """The document, where there is something to make it of. `DocumentFault` where it cannot be made."""
        return document(self.inner, record, owed=owed, now=local_time(self.clock.now()))

    def first(self, record: Record, at: datetime, *, who: str) -> Account | None:
        """The standing of a first administrator who comes for the first time."""
        if record.person not in self.admins:
            return None
        name = self.script.wording.say("people.first-administrator")
        return admitted(Invitation(who, Role.ADMIN, name), at, terms=self.door.terms)

    def _lines(self, record: Record, account: Account, *, is_open: bool) -> tuple[str, ...]:
        """What stands above a card for a while: what became of a case, when one will be erased, that one is held."""
        say, term = self.script.wording.say, term_of(account, record, terms=self.door.terms)
        lines = [say(f"kept.{account.notices.news}")] if account.notices.news else []
        lines += [say("kept.left-behind", before=_dated(account.notices.left))] if account.notices.left else []
        lines += [say("kept.review-due", references=account.notices.reviews)] if account.notices.reviews else []
        if account.call.is_said and account.call.due is not None:
            time = due_at(account.call.due, self.clock.now())
            lines.append(say("kept.call-due", reference=account.call.reference, time=time))
        if account.pin.missed and account.pin.missed_since is not None and not account.door.is_locked:
            lines.append(say("kept.wrong-pins", since=_dated(account.pin.missed_since), count=account.pin.missed))
            lines += (
                [say("kept.wrong-pins-in-all", count=account.pin.wrong)]
                if account.pin.wrong > account.pin.missed
                else []
            )
        if account.term.is_warned and term is not None:
            lines.append(say("kept.warned", date=_dated(term)))
        if account.admission.is_end_said:
            key = "people.own-end" if account.admission.role is Role.ADMIN else "kept.ending"
            lines.append(say(key, date=_dated(account.admission.until), who=account.audit_id))
        if account.held and is_open:
            lines.append(say("kept.held", reference=account.held))
        return tuple(lines)

    def _to_do(self, record: Record, account: Account, *, is_open: bool) -> tuple[str, ...]:
        """What an administrator is told that somebody should do: renew them; for one who has begun nothing, renew others, and
        ring numbers that are doubtful.
        """
        say, now = self.script.wording.say, self.clock.now()
        if account.admission.role is not Role.ADMIN:
            return ()
        if now >= account.admission.until:
            return (say("administrator.lapsed", who=account.audit_id),)
        if not is_open or record.case is not None:
            return ()
        doubtful = self.script.pack.contacts.doubtful(local_time(now).today)
        lines = [say("administrator.ending", count=account.notices.ending)] if account.notices.ending else []
        return (*lines, *([say("administrator.contacts", count=len(doubtful))] if doubtful else []))


@dataclass(frozen=True, slots=True)
class AdmittedTurn:
    """The answer to one event, as a function of the person's record: their standing is read within the turn.

    `talk` is the conversation that an open chat goes on with. `random_bytes` and `who` were drawn before, so that it may be replayed.
    """

    conversation: AdmittedConversation
    event: Event
    talk: Decide
    random_bytes: bytes = field(repr=False)
    who: str = field(repr=False)

    def __call__(self, record: Record) -> Made | None:
        """The record after the event; None for somebody who may not use the bot."""
        conversation, event = self.conversation, self.event
        at, turns = event.occasion.now.at.astimezone(UTC), AccessTurns(conversation.door, conversation.inner.mode)
        account = read_account(record.access)
        if isinstance(event, Lapsed):
            passed = turns.pass_time(record, account, at=at, is_old=event.is_old)
            return passed and conversation.inner.followed(passed, event)
        # Only where there is no standing at all: a first administrator who was removed is not brought back
        # by the setting (ADR 0019).
        account = account or conversation.first(record, at, who=self.who)
        if not isinstance(account, Account):
            return None
        own, entries = without_stray_case(record, at=at)
        visit = Visit(record.person, record.card, at, self.random_bytes)
        made: Made | None = PeopleTurns(turns, conversation.script).answer(
            own, account, visit=visit, event=event, who=self.who
        )
        if made is None:
            is_open = state_of(account, at, terms=turns.door.terms) is AccountState.OPEN
            # The card of people goes with every other event (ADR 0057): none of its buttons may count
            # for what stands there next.
            own = with_next_card(own) if account.people_card and is_open else own
            account = replace(account, people_card="") if account.people_card else account
            made = turns.receive(own, account, visit=visit, event=event, talk=self.talk, script=conversation.script)
        if record.access:
            return made
        return and_then(made, partial(_with_entries, (*entries, Entry(at, account.audit_id, AuditEvent.ADMITTED))))


def _dated(at: datetime) -> str:
    """The day and the time as people in England live them."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y, %H:%M}"


def _with_entries(first: tuple[Entry, ...], decision: Decision) -> Decision:
    return replace(decision, entries=(*first, *decision.entries))


@dataclass(frozen=True, slots=True)
class Redeeming:
    """How an event that came with a code is answered, by the text that the code opens, None where it opens nothing."""

    conversation: AdmittedConversation
    event: Event
    plain: Decide

    def __call__(self, text: str | None) -> Decide:
        """The pure function that answers the event."""
        if text is None:
            return self.plain
        at, terms = self.event.occasion.now.at.astimezone(UTC), self.conversation.door.terms
        return ComingIn(self.conversation, admitted(read_invitation(text), at, terms=terms), at, self.plain)


@dataclass(frozen=True, slots=True)
class ComingIn:
    """Admits a person who comes with a code that counts. It is of no use to anybody who was admitted before, or removed."""

    conversation: AdmittedConversation
    account: Account
    at: datetime
    plain: Decide

    def __call__(self, record: Record) -> Made | None:
        """The record of somebody who is let in; what the same event comes to without a code where they have a row already."""
        if record.access or record.person in self.conversation.admins:
            return self.plain(record)
        turns = AccessTurns(self.conversation.door, self.conversation.inner.mode)
        own, entries = without_stray_case(record, at=self.at)
        after = turns.kept(replace(with_next_card(own), active=self.at), self.account, at=self.at)
        return Decision(after, (), (*entries, Entry(self.at, self.account.audit_id, AuditEvent.ADMITTED)), spends=True)
