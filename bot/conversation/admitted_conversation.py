"""A conversation that only those who were admitted can hold, and that closes: standing is read within each turn."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.access.admission import Invitation, admitted, make_who, read_invitation
from bot.access.call_reminders import due_at
from bot.access.lapses import term_of
from bot.access.locked_chat import LockedChat, Visit
from bot.access.standing import Access, read_access, standing_of
from bot.conversation.access_turns import AccessTurns, with_next_card
from bot.conversation.conversation import Conversation
from bot.conversation.documents import document, may_have
from bot.runtime.clock import LONDON, Clock, local_time
from bot.storage.owed_document import OwedDocument
from bot.storage.values import Decide, Decision, Entry, NeedsShared, Record, and_then
from bot.summaries.forms import File
from bot.trail.audit import What
from dialogs.core.events import Event, Lapsed, Occasion
from dialogs.core.replies import Card
from dialogs.core.script import Script
from dialogs.locked.gate import Standing
from dialogs.locked.gate_cards import gate_card
from dialogs.turn.roles import Role

LOTS = 16
"""Random bytes drawn for each event, so that the decision itself draws none and may be replayed."""

Redeem = Callable[[str | None], Decide]
"""What answers an event that came with a code, by what the code opens."""


@dataclass(frozen=True, slots=True)
class AdmittedConversation:
    """A conversation behind a door. `admins` are the first administrators, each of whom counts until they have a row."""

    inner: Conversation
    door: LockedChat
    admins: frozenset[str] = frozenset()

    @property
    def script(self) -> Script:
        """The script of today."""
        return self.inner.today

    @property
    def clock(self) -> Clock:
        """What tells the time."""
        return self.inner.clock

    def linked(self, link: str) -> "AdmittedConversation":
        """The same, with the link that opens this chat with the code of a room behind it."""
        return replace(self, inner=replace(self.inner, script=replace(self.inner.script, link=link)))

    def occasion(self) -> Occasion:
        """The occasion of an event that happens now."""
        return self.inner.occasion()

    def decide(self, event: Event, key: str = "", words: str = "") -> Decide:
        """The pure function that answers an event of this key; it answers nobody who may not use the bot.

        What was typed (`words`) goes to an open conversation alone: no door and no audit sees it.
        """
        talk, lots, who = self.inner.decide(event, words), secrets.token_bytes(LOTS), make_who()
        at, visits = event.occasion.now.at.astimezone(UTC), AccessTurns(self.door)

        def decision(record: Record) -> Decision | NeedsShared | None:
            access = read_access(record.access)
            if isinstance(event, Lapsed):
                passed = visits.pass_time(record, access, at, is_old=event.is_old)
                return passed and self.inner.followed(passed, event)
            access = access or self._first(record, at, who)
            if not isinstance(access, Access):
                return None
            visit = Visit(record.person, record.card, at, key, lots)
            made = visits.receive(record, access, visit, event=event, talk=talk, script=self.script)
            new = () if record.access else (Entry(at, access.who, What.ADMITTED),)
            return and_then(made, lambda decision: replace(decision, entries=(*new, *decision.entries)))

        return decision

    def redeem(self, event: Event, key: str) -> Redeem:
        """How an event that came with a code is answered; a code is of no use to whoever was admitted before, or removed."""
        plain, at = self.decide(event, key), event.occasion.now.at.astimezone(UTC)

        def redeemed(text: str | None) -> Decide:
            if text is None:
                return plain
            access = admitted(read_invitation(text), at, self.door.terms)

            def decision(record: Record) -> Decision | NeedsShared | None:
                if record.access or record.person in self.admins:
                    return plain(record)
                after = AccessTurns(self.door).kept(replace(with_next_card(record), active=at), access, at)
                return Decision(after, (), (Entry(at, access.who, What.ADMITTED),), spends=True)

            return decision

        return redeemed

    def card(self, record: Record, notice: str = "") -> Card | None:
        """The card that the person should see now, or None where the chat is to be left empty."""
        access, now = read_access(record.access), self.clock.now()
        if not isinstance(access, Access) or access.is_hidden:
            return None
        is_open = standing_of(access, now, self.door.terms) is Standing.OPEN
        lines = (notice, *self._lines(record, access, is_open=is_open), *self._to_do(record, access, is_open=is_open))
        above = "\n".join(line for line in lines if line)
        if is_open:
            self.door.keypads.clear(record.person)
            return self.inner.card(record, above)
        gate = self.door.gate(access, record.person, record.card, now)
        return gate_card(gate, record.card, self.script, local_time(now), above)

    def is_closed(self, record: Record) -> bool:
        """Whether nothing of a case may be shown to the person now."""
        access = read_access(record.access)
        if not isinstance(access, Access) or access.is_hidden:
            return True
        return standing_of(access, self.clock.now(), self.door.terms) is not Standing.OPEN

    def may_have(self, record: Record, parcel: OwedDocument) -> bool:
        """Whether the person may be sent the document now."""
        return may_have(record, parcel, now=local_time(self.clock.now()), terms=self.door.terms)

    def document(self, record: Record, parcel: OwedDocument) -> File | None:
        """The document, where there is something to make it of. `DocumentFault` where it cannot be made."""
        return document(self.inner, record, parcel, local_time(self.clock.now()))

    def _first(self, record: Record, at: datetime, who: str) -> Access | None:
        """The standing of a first administrator who comes for the first time."""
        if record.person not in self.admins:
            return None
        return admitted(Invitation(who, Role.ADMIN), at, self.door.terms)

    def _lines(self, record: Record, access: Access, *, is_open: bool) -> tuple[str, ...]:
        """What stands above a card for a while: what became of a case, when one will be erased, that one is held."""
        say, term = self.script.wording.say, term_of(access, record, self.door.terms)
        lines = [say(f"kept.{access.news}")] if access.news else []
        lines += [say("kept.review-due", references=access.reviews)] if access.reviews else []
        if access.is_call_said and access.call_due is not None:
            time = due_at(access.call_due, self.clock.now())
            lines.append(say("kept.call-due", reference=access.call_of, time=time))
        if access.is_warned and term is not None:
            local = term.astimezone(LONDON)
            lines.append(say("kept.warned", date=f"{local.day} {local:%B %Y, %H:%M}"))
        if access.held and is_open:
            lines.append(say("kept.held", reference=access.held))
        return tuple(lines)

    def _to_do(self, record: Record, access: Access, *, is_open: bool) -> tuple[str, ...]:
        """What an administrator who has begun nothing is told that somebody should do: ring numbers that are doubtful."""
        if access.role is not Role.ADMIN or not is_open or record.case is not None:
            return ()
        doubtful = self.script.pack.contacts.doubtful(local_time(self.clock.now()).today)
        return (self.script.wording.say("administrator.contacts", count=len(doubtful)),) if doubtful else ()
