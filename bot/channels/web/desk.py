"""Where people of the web channel are served: a turn is made and kept, and a card is drawn from what is kept."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, assert_never

from bot.access.lapses import EXPIRED
from bot.access.standing import Access, changed, read_access, written
from bot.channels.card_delivery import Mark
from bot.channels.event_inbox import HELD_UP
from bot.channels.heard import Acted
from bot.channels.protocol import Conversing, Hearing, signature
from bot.channels.strangers import Strangers
from bot.channels.web.nonces import Nonces
from bot.channels.web.offers import Offers
from bot.channels.web.toasts import Toasts
from bot.channels.web.turn_queue import TurnQueue
from bot.channels.web.visitor import Visitor
from bot.channels.web.watch import Followers
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
from dialogs.core.replies import Card, Toast
from state_machines.assessment import Phase

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
