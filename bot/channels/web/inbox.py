"""Where people of the web channel are served: what a form says, the turn that it makes, and what they see then."""

import asyncio
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from bot.access.account import Account, read_account, written
from bot.access.admission import plain_code
from bot.access.due import EXPIRED
from bot.channels.delivery import Mark
from bot.channels.inbox import Inbox, Turns
from bot.channels.protocol import Acted, signature
from bot.channels.turn_queue import event_key
from bot.channels.web import FACTS
from bot.channels.web.channel import Followers
from bot.channels.web.page import LONGEST_NOTE, LONGEST_WORD, Offers
from bot.channels.web.visitor import Nonces, Toasts, Visitor
from bot.conversation.conversation import Conversation
from bot.conversation.records import caseless, session_of
from bot.storage.store import Store
from bot.storage.values import (
    Done,
    OwedDocument,
    Record,
    Refused,
    Undecided,
)
from dialogs.core.events import Began, Commanded, Event, Occasion, Pressed, Typed
from dialogs.core.replies import Card, Toast
from dialogs.core.role import Role
from dialogs.turn.commands import ASKED_CLOSED
from dialogs.turn.roles import may
from state_machines.assessment import Phase

MENU = ("start", "guide", "help", "review", "rehearse", "room", "people")
"""Commands of the menu, of those that somebody may use."""

LOOKED_UP = ("explain", "guide", "review", "join", "people")
"""Commands that take a word or a code."""

CLOSING = ("lock", "panic")
"""Commands that close the page."""


def _offered(mine: Collection[str], closing: tuple[str, ...]) -> Offers:
    commands, looked_up = (tuple(name for name in names if name in mine) for names in (MENU, LOOKED_UP))
    return Offers(commands, looked_up, closing)


OFFERED = {role: _offered([name for name in (*MENU, *LOOKED_UP) if may(role, name)], CLOSING) for role in Role}
"""What is offered to each role while the page is open."""

OFFERED_CLOSED = _offered(ASKED_CLOSED, CLOSING[1:])
"""What is offered to everybody while it is locked."""


KINDS = ("press", "command", "typed")
"""The ways to act, of which a form has one."""

LONGEST_COMMAND, LONGEST_PRESS, LONGEST_TOKEN = 20, 64, 18


def read_act(form: Mapping[str, str], visitor: Visitor, occasion: Occasion, *, takes_notes: bool) -> Acted | None:
    """What somebody did; None where the form says nothing that can be done. Its nonce is not looked at here.

    The same button of the same page counts once, however often it is sent.
    """
    kinds = [each for each in KINDS if each in form]
    if len(kinds) != 1:
        return None
    (kind,), words = kinds, form.get("words", "").strip()
    event = _event(kind, form[kind], words=words, occasion=occasion)
    if event is None:
        return None
    said = hashlib.sha256("\n".join((kind, form[kind], words)).encode()).hexdigest()
    key = event_key(visitor.person, f"{FACTS.name}/{form.get('nonce', '')}/{said}")
    heard = Acted(key, visitor.person, event, reply_to=key)
    if isinstance(event, Began):
        return replace(heard, code=plain_code(words))
    return replace(heard, words=form[kind]) if isinstance(event, Typed) and takes_notes else heard


def _event(kind: str, value: str, *, words: str, occasion: Occasion) -> Event | None:
    if kind == "press":
        token, colon, code = value.partition(":")
        is_press = colon and len(value) <= LONGEST_PRESS and token.isascii() and token.isdecimal()
        return Pressed(occasion, int(token), code) if is_press and len(token) <= LONGEST_TOKEN else None
    if kind == "typed":
        return Typed(occasion) if len(value) <= LONGEST_NOTE else None
    is_name = value.isascii() and value.isalpha() and value.islower() and len(value) <= LONGEST_COMMAND
    if not is_name or len(words) > LONGEST_WORD:
        return None
    return Began(occasion) if value == "start" else Commanded(occasion, value, words)


SHORTLY = 0.5
"""Seconds for which a page waits until what was erased is gone from every file, or everybody is looked up; then it says
nothing of that yet."""


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody should see: their card, or None where the page is to be left blank; what else is offered; and its name."""

    record: Record = field(repr=False)
    card: Card | None = field(repr=False)
    offers: Offers
    documents: tuple[OwedDocument, ...]
    shown: str


class PageInbox(Inbox):
    """Takes one act at a time, which is answered by the page that is fetched next. It keeps nothing but what was said in passing."""

    conversation: Conversation

    def __init__(self, conversation: Conversation, store: Store, *, mark: Mark, watch: Followers, turns: Turns) -> None:
        super().__init__(conversation, store, turns)
        self.watch = watch
        self.toasts = Toasts()
        self.nonces = Nonces(lambda drawn: mark(f"nonce\n{drawn}"))
        self._mark = mark

    async def take(self, visitor: Visitor, heard: Acted) -> None:
        """Make a turn. Raises `StoreFault` where it could not be kept."""
        try:
            (outcome,) = await self.hand_in((heard,))
        finally:
            self._tried.pop(heard.key, None)
        if isinstance(outcome, Undecided):
            await asyncio.wait({self._tasks.run(self._say_once_looked_up(visitor, heard, outcome))}, timeout=SHORTLY)
            return
        said = self.said(heard, outcome) if isinstance(outcome, Done | Refused) else ""
        self.watch.wake(heard.person)
        if isinstance(outcome, Done) and outcome.is_erasure:
            await asyncio.wait({self._tasks.run(self._say_once_gone(visitor, said))}, timeout=SHORTLY)
        else:
            self.toasts.say(visitor.session, said)

    async def _say_once_looked_up(self, visitor: Visitor, heard: Acted, asking: Undecided) -> None:
        """Say what came of an act for which everybody is looked up; until then the page stays as it is."""
        outcome = await self.look_up(heard, asking)
        said = self.say(Toast("closed-unreachable")) if outcome is None else ""
        self.toasts.say(visitor.session, self.said(heard, outcome) if isinstance(outcome, Done | Refused) else said)
        self.watch.wake(heard.person)

    async def _say_once_gone(self, visitor: Visitor, said: str) -> None:
        await self.gone()
        self.toasts.say(visitor.session, said)
        self.watch.wake(visitor.person)

    async def settle(self, seconds: float) -> None:
        """Wait for turns that are under way, at most so long; what would be said later is not said any more."""
        await self._turns.settle(seconds)
        await self._tasks.settle(0)

    async def look(self, person: str) -> Look | None:
        """Return what the person should see now; None for a stranger. Raises `StoreFault`."""
        conversation, found = self.conversation, await self.store.recall(person)
        account = read_account(found[0].access) if found is not None else None
        if found is None or not isinstance(account, Account):
            return None
        record, is_closed = found[0], conversation.is_closed(found[0])
        offers = OFFERED_CLOSED if is_closed else OFFERED[account.admission.role]
        card = await self._card(record)
        owed = () if is_closed else await self.store.read(lambda t: t.documents.owed())
        documents = tuple([each for each in owed if each.person == person and conversation.may_have(record, each)])
        signed = repr((signature(card) if card else "", [(each.kind, each.asked) for each in documents]))
        return Look(record, card, offers, documents, self._mark(signed).hex()[:16])

    async def _card(self, record: Record) -> Card | None:
        """Return the card of a record. While a file still holds what was erased, its words tell of no erasure; its buttons stay."""
        conversation, untold = self.conversation, _untold(record)
        card = conversation.card(record)
        if card is None or untold == record or await self.store.is_gone(seconds=0):
            return card
        quiet = conversation.card(untold)
        return replace(quiet, rows=card.rows) if quiet is not None else None


def _untold(record: Record) -> Record:
    """Return the record without what its card tells of an erasure; itself where that tells of none."""
    account, is_told = read_account(record.access), record.phase == Phase.ERASED and session_of(record).overlay is None
    quiet = caseless(record) if is_told else record
    if not isinstance(account, Account) or account.notices.news != EXPIRED:
        return quiet
    return replace(quiet, access=written(replace(account, notices=replace(account.notices, news=""))))
