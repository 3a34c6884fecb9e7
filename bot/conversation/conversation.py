"""The conversation of a channel with its people, either without admission or behind a lock screen."""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.access.account import Account, read_account, state_of
from bot.access.admission import WHO_BYTES
from bot.access.due import due_at, term_of
from bot.access.lock_screen import LockScreen
from bot.conversation.records import is_at_list
from bot.conversation.shared_cards import lies_over, read_sharing, sharing_card
from bot.conversation.talk import Talk, finished
from bot.conversation.turn import Turn, talked
from bot.runtime.clock import LONDON, local_time
from bot.storage.values import Decide, OwedDocument, Record
from dialogs.core.events import Event
from dialogs.core.replies import Card
from dialogs.core.role import ADMINISTERING
from dialogs.locked import AccountState, gate_card
from dialogs.people.cards import read_people_card

ON_ITS_CARD = (
    "look-asked",
    "hand-asked",
    "look-claimed",
    "look-unopened",
)  # news that the card laid for it says itself
RANDOM_BYTES = 16  # random bytes drawn for each event, so that the decision itself draws none and may be replayed


@dataclass(frozen=True, slots=True)
class OpenConversation(Talk):
    """A conversation for a channel that only one person can use. It has no admission and no lock screen."""

    def decide(self, event: Event, *, words: str = "", code: str = "") -> Decide:
        """Return the pure function that decides about an event. `code`, an invitation code, is ignored."""
        return lambda record, lookup: talked(self, event, words, record=record, lookup=lookup)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation(Talk):
    """A conversation with a lock screen. `admins` are people whom the settings admit as administrators by their first event."""

    door: LockScreen
    admins: frozenset[str] = frozenset()

    def linked(self, link: str, *, pages: str = "") -> "Conversation":
        """Return the conversation with a link to its chat, which a room's code completes, and with the address of the pages, if any."""
        return replace(self, bare_script=replace(self.bare_script, link=link, pages=pages))

    def decide(self, event: Event, *, words: str = "", code: str = "") -> Decide:
        """Return the pure function that decides about an event. It returns None for people who may not use the bot.

        Typed text (`words`) reaches the conversation only while the chat is open: the audit never sees it, and the lock
        screen sees only a PIN that was typed into a page. `code` is an invitation code that came with the event.
        """
        return Turn(
            talk=self,
            door=self.door,
            admins=self.admins,
            event=event,
            at=event.occasion.now.at.astimezone(UTC),
            words=words,
            code=code,
            random_bytes=secrets.token_bytes(RANDOM_BYTES),
            audit_id=secrets.token_hex(WHO_BYTES),
        )

    def card(self, record: Record, notice: str = "") -> Card | None:
        account, now = read_account(record.access), self.clock.now()
        if not isinstance(account, Account) or account.door.is_hidden:
            return None
        is_open = state_of(account, now, terms=self.door.terms) is AccountState.OPEN
        lies = read_people_card(account.people_card) if is_open and account.admission.role in self.sees_people else None
        to_do = self._to_do(record, account, is_open=is_open) if lies is None else ()
        lines = (notice, *self._lines(record, account, is_open=is_open), *to_do)
        above = "\n".join(line for line in lines if line)
        if is_open:
            is_shared = bool(account.sharing) and lies is None
            shared = sharing_card(self, record, account=account, now=local_time(now)) if is_shared else None
            if shared is not None:
                return shared.card(record.card, self.script, notice=above)
            return lies.card(record.card, above) if lies is not None else Talk.card(self, record, notice=above)
        gate = self.door.gate(account, record.person, card=record.card, now=now)
        return gate_card(gate, record.card, script=self.script, now=local_time(now), notice=above)

    def is_closed(self, record: Record) -> bool:
        """Return True if the person's chat shows nothing of a case now, since it is hidden or locked, or they may not use the bot."""
        account = read_account(record.access)
        if not isinstance(account, Account) or account.door.is_hidden:
            return True
        return state_of(account, self.clock.now(), terms=self.door.terms) is not AccountState.OPEN

    def may_have(self, record: Record, owed: OwedDocument) -> bool:
        """Return True if the document may be sent to the person now: it can be made, and the chat stayed open since they asked for it."""
        account = read_account(record.access)
        if self.is_closed(record) or not isinstance(account, Account):
            return False
        if account.door.opened is not None and account.door.opened > owed.asked:
            return False
        if owed.is_of_rehearsal:
            return self.mode.has_document(record, owed.kind)
        return finished(record, owed) is not None

    def _lines(self, record: Record, account: Account, *, is_open: bool) -> tuple[str, ...]:
        """Return the notices above the card: news, a coming erasure, a call that is due, wrong PINs, the admission's end, a hold."""
        say, heads = self.bare_script.wording.say, record.heads
        notices, pin = account.notices, account.pin
        # A locked chat says no reference.
        news = f"kept.{notices.news}-of" if notices.about and is_open else f"kept.{notices.news}"
        is_said = lies_over(record, account) and notices.news in ON_ITS_CARD
        is_said = is_said and is_open and read_sharing(account.sharing).of == notices.about
        lines = [say(news, references=notices.about)] if notices.news and not is_said else []
        lines += [say("kept.left-behind", before=_dated(notices.left))] if notices.left else []
        lines += [say("kept.review-due", references=notices.reviews)] if notices.reviews else []
        for head in heads:
            if head.call.is_said and head.call.due is not None:
                time = due_at(head.call.due, self.clock.now())
                lines.append(say("kept.call-due", reference=head.reference, time=time))
        if pin.missed and pin.missed_since is not None and not account.door.is_locked:
            lines.append(say("kept.wrong-pins", since=_dated(pin.missed_since), count=pin.missed))
            lines += [say("kept.wrong-pins-in-all", count=pin.wrong)] if pin.wrong > pin.missed else []
        for head in heads:
            term = term_of(head, terms=self.door.terms)
            if head.is_warned and term is not None:
                key = "kept.warned" if len(heads) == 1 else "kept.warned-of"
                lines.append(say(key, date=_dated(term), reference=head.reference))
        if account.admission.is_end_said:
            key = "people.own-end" if account.admission.role in ADMINISTERING else "kept.ending"
            lines.append(say(key, date=_dated(account.admission.until), who=account.audit_id))
        if is_open:
            closed = () if is_at_list(record) else record.closed  # the list says it itself
            lines += [say("cases.closed", reference=each) if each else say("cases.closed-one") for each in closed]
            lines += [say("kept.held", reference=head.reference) for head in heads if head.held]
        return tuple(lines)

    def _to_do(self, record: Record, account: Account, *, is_open: bool) -> tuple[str, ...]:
        """Return what an administrator has to do: get their admission renewed, or, without a case, renew others or check phone numbers."""
        say, now = self.bare_script.wording.say, self.clock.now()
        if account.admission.role not in ADMINISTERING:
            return ()
        if now >= account.admission.until:
            return (say("administrator.lapsed", who=account.audit_id),)
        if not is_open or record.heads:
            return ()
        doubtful = self.script.pack.contacts.doubtful(local_time(now).today)
        lines = [say("administrator.ending", count=account.notices.ending)] if account.notices.ending else []
        return (*lines, *([say("administrator.contacts", count=len(doubtful))] if doubtful else []))


def _dated(at: datetime) -> str:
    """Return the day and time in England as text, such as “30 November 2026, 09:00”."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y, %H:%M}"
