"""Where people of the web channel are served: what a form says, the turn that it makes, and what they see then."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, assert_never

from bot.access.admission import plain_code
from bot.access.lapses import EXPIRED
from bot.access.standing import Access, changed, read_access, written
from bot.channels.delivery import Mark
from bot.channels.inbox import HELD_UP
from bot.channels.protocol import Acted, Conversing, Hearing, signature
from bot.channels.turn_queue import TurnQueue, event_key
from bot.channels.unsaved_answers import Strangers
from bot.channels.web import FACTS
from bot.channels.web.channel import Followers
from bot.channels.web.page import LONGEST_NOTE, LONGEST_WORD
from bot.channels.web.visitor import Nonces, Toasts, Visitor
from bot.conversation.people.looking_up import LookUps, everybody_needed
from bot.conversation.records import caseless, session_of
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.errors import StoreFault
from bot.runtime.logs import FaultLog, log
from bot.storage.everybody import NeedsEverybody
from bot.storage.owed_document import OwedDocument
from bot.storage.store import Store
from bot.storage.values import (
    Done,
    Inbound,
    KeyOnly,
    Outcome,
    Record,
    Redemption,
    Refused,
    Repeated,
)
from dialogs.core.events import Began, Commanded, Event, Occasion, Pressed, Typed
from dialogs.core.replies import Card, Toast
from dialogs.turn.commands import ASKED_CLOSED
from dialogs.turn.roles import may
from state_machines.assessment import Phase

MENU = ("start", "guide", "help", "review", "rehearse", "room", "people")
"""Commands of the menu, of those that somebody may use."""

LOOKED_UP = ("explain", "guide", "review", "join", "people")
"""Commands that take a word or a code."""

CLOSING = ("lock", "panic")
"""Commands that close the page."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Commands of the menu, those that take words, and those that close the page."""

    commands: tuple[str, ...] = ()
    looked_up: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


def offers_to(record: Record, *, is_closed: bool) -> Offers | None:
    """What somebody is offered by their role; None where they have none."""
    access = read_access(record.access)
    if not isinstance(access, Access):
        return None
    if is_closed:
        asked = ASKED_CLOSED
        return Offers(tuple(_of(MENU, asked)), tuple(_of(LOOKED_UP, asked)), CLOSING[1:])
    mine = tuple(each for each in (*MENU, *LOOKED_UP) if may(access.role, each))
    return Offers(tuple(_of(MENU, mine)), tuple(_of(LOOKED_UP, mine)), CLOSING)


def _of(names: tuple[str, ...], some: tuple[str, ...]) -> list[str]:
    return [each for each in names if each in some]


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


class Serving(Conversing, Hearing, Protocol):
    """A conversation whose people are served here."""


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody should see: their card, or None where the page is to be left blank; what else is offered; and its name."""

    record: Record = field(repr=False)
    card: Card | None = field(repr=False)
    offers: Offers
    documents: tuple[OwedDocument, ...]
    shown: str


@dataclass(frozen=True, slots=True)
class PageParts:
    """What people are served with: the conversation, the store, a keyed hash, and what is offered beside a card."""

    conversation: Serving
    store: Store
    mark: Mark
    offers: Callable[[Record], Offers | None]
    """What is offered to somebody with this record; None to a stranger."""


class Desk:
    """Serves people one turn at a time. It keeps nothing but what was said in passing."""

    def __init__(self, parts: PageParts, watch: Followers) -> None:
        self.parts = parts
        self.watch = watch
        self.toasts = Toasts()
        self.nonces = Nonces(lambda drawn: parts.mark(f"nonce\n{drawn}"))
        self.queue = TurnQueue(parts.store.turns)
        self._strangers = Strangers()
        self._tasks = BackgroundTasks()
        self._look_ups, self._not_looked_up = LookUps(parts.store), FaultLog("not looked up")

    async def take(self, visitor: Visitor, heard: Acted) -> None:
        """Make a turn. Raises `StoreFault` where it could not be kept."""
        outcome = await self.queue.turn(self._inbound(heard))
        if isinstance(outcome, Done) and (needed := everybody_needed(outcome)) is not None:
            await asyncio.wait({self._tasks.run(self._look_up(visitor, heard, outcome, needed))}, timeout=SHORTLY)
            return
        said = self._said(heard, outcome)
        self.watch.wake(heard.person)
        if isinstance(outcome, Done) and outcome.is_erasure:
            await asyncio.wait({self._tasks.run(self._say_once_gone(visitor, said))}, timeout=SHORTLY)
        else:
            self.toasts.say(visitor.session, said)

    async def _look_up(self, visitor: Visitor, heard: Acted, asked: Done, needed: NeedsEverybody[Any]) -> None:
        """Look everybody up for an act, and say what came of it; until then the card says that it was asked."""
        try:
            outcome = await self._look_ups.look_up(asked, needed)
        except StoreFault as fault:
            self._not_looked_up.note(fault)
        else:
            self._not_looked_up.over()
            self.toasts.say(visitor.session, self._said(heard, outcome))
        self.watch.wake(heard.person)

    async def settle(self, seconds: float) -> None:
        """Wait for turns that are under way, at most so long; what would be said later is not said any more."""
        await self.queue.settle(seconds)
        await self._tasks.settle(0)

    async def look(self, person: str) -> Look | None:
        """What the person should see now; None for a stranger. Raises `StoreFault`."""
        parts, found = self.parts, await self.parts.store.recall(person)
        offers = parts.offers(found[0]) if found is not None else None
        if found is None or offers is None:
            return None
        record, conversation = found[0], parts.conversation
        card = await self._card(record)
        owed = () if conversation.is_closed(record) else await parts.store.documents.owed()
        documents = tuple(each for each in owed if each.person == person and conversation.may_have(record, each))
        signed = repr((signature(card) if card else "", [(each.kind, each.asked) for each in documents]))
        return Look(record, card, offers, documents, parts.mark(signed).hex()[:16])

    async def _card(self, record: Record) -> Card | None:
        """The card of a record. While a file still holds what was erased, its words tell of no erasure; its buttons stay."""
        conversation, untold = self.parts.conversation, _untold(record)
        card = conversation.card(record)
        if card is None or untold == record or await self.parts.store.is_gone(seconds=0):
            return card
        quiet = conversation.card(untold)
        return replace(quiet, rows=card.rows) if quiet is not None else None

    async def _say_once_gone(self, visitor: Visitor, said: str) -> None:
        """Say that something was erased when it is, in every file: somebody who reads at the desk may hold that up."""
        while not await self.parts.store.is_gone(seconds=HELD_UP):
            log.warning("an erasure is held up")
        self.toasts.say(visitor.session, said)
        self.watch.wake(visitor.person)

    def _inbound(self, heard: Acted) -> Inbound:
        conversation = self.parts.conversation
        decide, claim = conversation.decide(heard.event, words=heard.words), None
        if heard.code and self._strangers.may_try(heard.person, conversation.clock.now()):
            claim = Redemption(heard.code, conversation.redeem(heard.event))
        return Inbound(heard.key, heard.event.occasion.now.at, heard.person, decide, None, claim)

    def _said(self, heard: Acted, outcome: Outcome) -> str:
        """What is said in passing of what came of an act."""
        match outcome:
            case Done(effects=effects):
                if heard.code:
                    self._strangers.forgive(heard.person)
                return " ".join(self._say(each) for each in effects if isinstance(each, Toast))
            case Refused(error=error, where=where):
                log.error("refused", error=error, where=where)
                return self._say(Toast("failed", (("error", error.rpartition(" ")[2]),)))
            case Repeated() | KeyOnly():
                return ""
        assert_never(outcome)

    def _say(self, toast: Toast) -> str:
        return self.parts.conversation.script.wording.say(f"toast.{toast.key}", **dict(toast.values))


def _untold(record: Record) -> Record:
    """The record without what its card tells of an erasure; itself where that tells of none."""
    access, is_told = read_access(record.access), record.phase == Phase.ERASED and session_of(record).overlay is None
    quiet = caseless(record) if is_told else record
    if not isinstance(access, Access) or access.news != EXPIRED:
        return quiet
    return replace(quiet, access=written(changed(access, news="")))
