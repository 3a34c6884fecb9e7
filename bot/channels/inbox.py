"""What people did, on its way to the store and back: every act is a turn, and somebody is answered by what came of it.

`Inbox` is the same for every channel. `ChatInbox` confirms whole batches, and answers with a line and with the card of a chat.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import assert_never

from bot.channels.delivery import ChatLanes, ShowRequest
from bot.channels.protocol import Acted, CameBack, Conversing, Heard, NotForUs, Sender
from bot.channels.turn_queue import TurnQueue
from bot.channels.unsaved_answers import Strangers, UnsavedAnswers, asks_whom_to_call, is_for_anybody
from bot.conversation.people.deeds import once_looked_up
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.errors import StoreFault, StoreSlow
from bot.runtime.logs import FaultLog, log
from bot.storage.store import Store
from bot.storage.values import Done, Inbound, KeyOnly, Outcome, Refused, Repeated, Undecided
from bot.watch.meter import meter
from dialogs.core.replies import Document, Toast, Wipe

PATIENCE = 0.75
"""Seconds for which people wait for the store; then they are answered without it."""

HELD_UP = 10.0
"""Seconds after which the log says that something erased is still in a file."""

Turns = TurnQueue[Inbound, Outcome]
"""The turns of a program: those of all its channels go to the store together."""


class Inbox:
    """Hands in turns, and knows what is said of what came of them."""

    def __init__(self, conversation: Conversing, store: Store, turns: Turns) -> None:
        self.conversation = conversation
        self.store = store
        self._turns = turns
        self._strangers = Strangers()
        self._tried: dict[str, bool] = {}
        self._not_looked_up = FaultLog("not looked up")
        self._tasks = BackgroundTasks()

    def hand_in(self, batch: Sequence[Heard]) -> asyncio.Future[tuple[Outcome, ...]]:
        """Return what will come of each event, once it is durable; a `StoreFault` where none of them could be kept."""
        return self._turns.hand_in([self._inbound(heard) for heard in batch])

    def _inbound(self, heard: Heard) -> Inbound:
        if not isinstance(heard, Acted):
            return Inbound(heard.key, self.conversation.clock.now(), person=None, decide=None, own_message=None)
        # A code counts as one try, however often the same event is handed in.
        if heard.code and heard.key not in self._tried:
            self._tried[heard.key] = self._strangers.may_try(heard.person, self.conversation.clock.now())
        code = heard.code if heard.code and self._tried[heard.key] else ""
        decide = self.conversation.decide(heard.event, words=heard.words, code=code)
        return Inbound(heard.key, heard.event.occasion.now.at, heard.person, decide, heard.own_message)

    def said(self, heard: Acted, outcome: Done | Refused) -> str:
        """Return what is said in passing of what came of an act: its toasts, or that the bot itself failed, with an error id."""
        if isinstance(outcome, Refused):
            log.error("refused", error=outcome.error, where=outcome.where)
            return self.say(Toast("failed", (("error", outcome.error.rpartition(" ")[2]),)))
        if heard.code:
            self._strangers.forgive(heard.person)
        return " ".join([self.say(effect) for effect in outcome.effects if isinstance(effect, Toast)])

    async def look_up(self, heard: Acted, asking: Undecided) -> Outcome | None:
        """Look everybody up for an act, hand it in again, and return what came of it; None where the store failed, which the log says."""
        try:
            again = await once_looked_up(self.store, self._inbound(heard), asking)
            outcome = again if isinstance(again, Refused) else (await self._turns.hand_in([again]))[0]
        except StoreFault as fault:
            self._not_looked_up.note(fault)
            return None
        self._not_looked_up.over()
        return outcome

    async def gone(self) -> None:
        """Wait until what was erased is gone from every file: a program that reads at the same time may hold that up."""
        while not await self.store.is_gone(seconds=HELD_UP):
            log.warning("an erasure is held up")

    def say(self, toast: Toast) -> str:
        """Return a toast in words."""
        return self.conversation.script.wording.say(f"toast.{toast.key}", **dict(toast.values))


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A batch that the store was given, and what will come of it."""

    batch: tuple[Heard, ...]
    outcomes: asyncio.Future[tuple[Outcome, ...]]
    since: float
    """When it was heard."""


class ChatInbox(Inbox):
    """Takes what a channel heard, and answers every act in its person's chat."""

    def __init__(
        self,
        conversation: Conversing,
        sender: Sender,
        lanes: ChatLanes,
        *,
        store: Store,
        unsaved: UnsavedAnswers,
        turns: Turns | None = None,
    ) -> None:
        super().__init__(conversation, store, turns or TurnQueue(store.turns))
        self._sender = sender
        self._lanes = lanes
        self._unsaved = unsaved
        self._under_way: UnderWay | None = None
        self._since = 0.0
        self._is_late = False

    async def take(self, batch: Sequence[Heard]) -> None:
        """Take a batch: after this its effects are durable, and it may be confirmed.

        Raises `StoreFault` where they are not, or not yet: a batch that the store is slow with goes on, and is looked
        after when it is handed in again.
        """
        kept = await self._finished(self._under_way, is_late=True) if self._under_way is not None else frozenset()
        rest = tuple([heard for heard in batch if heard.key not in kept])
        if rest:
            self._under_way = UnderWay(rest, self.hand_in(rest), meter().now())
            await self._finished(self._under_way)

    async def _finished(self, under_way: UnderWay, *, is_late: bool = False) -> frozenset[str]:
        """Respond to a batch once it is kept, which may be long ago where it `is_late`, and return the keys of its events."""
        # `wait` and not `wait_for`, which would cancel the answers to what the store keeps all the same.
        await asyncio.wait({under_way.outcomes}, timeout=PATIENCE)
        if not under_way.outcomes.done():
            raise StoreSlow("The store is slow: what people did waits to be saved.", PATIENCE)
        self._under_way = None
        outcomes = under_way.outcomes.result()
        self._tried.clear()
        self._since, self._is_late = under_way.since, is_late
        for heard, outcome in zip(under_way.batch, outcomes, strict=True):
            match heard:
                case Acted():
                    self._respond(heard, outcome)
                case CameBack(person=person):
                    self._lanes.show(ShowRequest(person, is_unsure=True))
                case NotForUs():
                    pass
                case _:
                    assert_never(heard)
        return frozenset([heard.key for heard in under_way.batch])

    def cannot_keep(self, batch: Sequence[Heard], *, is_tried_again: bool) -> None:
        """Tell people that what they did could not be saved just now, and whom to call where they asked for that."""
        for heard in batch:
            if isinstance(heard, Acted):
                self._unsaved.answer(heard, toast="not-saved" if is_tried_again else "closed-unreachable")

    async def settle(self, seconds: float) -> None:
        """Wait for answers that are under way, at most so long."""
        if self._under_way is not None:
            await asyncio.wait({self._under_way.outcomes}, timeout=seconds)
            self._under_way.outcomes.cancel()  # the store goes on by itself, and the next start finds what it kept
            await asyncio.gather(self._under_way.outcomes, return_exceptions=True)
        await asyncio.gather(self._turns.settle(0), self._tasks.settle(seconds), self._unsaved.settle(seconds))

    def _respond(self, heard: Acted, outcome: Outcome) -> None:
        match outcome:
            case Undecided():
                self._tasks.run(self._respond_once_looked_up(heard, outcome))
            case Done():
                self._show(heard, outcome)
            case Repeated(record=record, shown=shown) if record is not None and shown is not None:
                self._answer(heard, "")
                self._bring_about(ShowRequest(record.person, record, shown, to_remove=self._left(heard)))
            case Refused():
                self._apologise(heard, outcome)
            case Repeated() | KeyOnly():
                self._turn_away(heard)
            case _:
                assert_never(outcome)

    def _show(self, heard: Acted, done: Done) -> None:
        toast, person = self.said(heard, done), done.record.person
        if done.is_erasure:
            self._tasks.run(self._answer_once_gone(heard, toast))
        else:
            self._answer(heard, toast)
        if any(isinstance(effect, Wipe) for effect in done.effects):
            self._tasks.run(self._clear_away(person))
        self._bring_about(
            ShowRequest(
                person,
                done.record,
                done.shown,
                is_new=heard.is_new,
                notice=toast if heard.reply_to is None else "",
                strays=(heard.pressed_on,) if heard.pressed_on is not None else (),
                to_remove=self._left(heard),
                is_owed=any(isinstance(effect, Document) for effect in done.effects),
            )
        )

    async def _respond_once_looked_up(self, heard: Acted, asking: Undecided) -> None:
        """Look everybody up for an act, and respond to what comes of it; where the store fails, the card stays as it is."""
        since, outcome = self._since, await self.look_up(heard, asking)
        if outcome is None:
            self._unsaved.answer(heard, toast="closed-unreachable")
            return
        self._since, self._is_late = since, True
        self._respond(heard, outcome)

    def _bring_about(self, request: ShowRequest) -> None:
        """Show what came of an act; where that is late, what the store has by now: the chat may have been closed since."""
        self._lanes.show(replace(request, record=None) if self._is_late else request)

    def _apologise(self, heard: Acted, refused: Refused) -> None:
        """Say that it was the bot's own failure, and show what counts.

        Whom to call is shown all the same, to somebody whose row does not open too.
        """
        sorry = self.said(heard, refused)
        if asks_whom_to_call(heard.event):
            self._unsaved.answer(heard, toast="not-saved")
            return
        self._unsaved.withdraw(heard.person)
        self._answer(heard, sorry)
        if heard.reply_to is None:
            self._lanes.tell(heard.person, sorry)
        self._lanes.show(ShowRequest(heard.person, is_new=heard.is_new, to_remove=_own(heard)))

    def _answer(self, heard: Acted, toast: str) -> None:
        if heard.reply_to is not None:
            self._tasks.run(meter().timing(partial(self._sender.answer, heard.reply_to, toast), self._since))

    async def _answer_once_gone(self, heard: Acted, toast: str) -> None:
        await self.gone()
        self._answer(heard, toast)

    def _turn_away(self, heard: Acted) -> None:
        """Say the one line that every stranger gets, in answer to their act or, not too often, by itself. Whom to call is for anybody."""
        if is_for_anybody(heard.event):
            self._unsaved.answer_stranger(heard)
            return
        self._unsaved.withdraw(heard.person)
        meter().happened("wrong code" if heard.code else "turned away")
        line = self.say(Toast("stranger"))
        if heard.reply_to is not None:
            self._answer(heard, line)
        elif self._strangers.may_be_told(heard.person, self.conversation.clock.now()):
            self._tasks.run(self._tell_stranger(heard.person, line))

    async def _tell_stranger(self, person: str, line: str) -> None:
        """Say it; no message of a stranger's chat is recorded, since there is no row for them."""
        await self._sender.tell(person, line)

    async def _clear_away(self, person: str) -> None:
        """Remove at once whatever is known to be left in a chat."""
        left = tuple([message.handle for message in await self.store.read(lambda t: t.messages_to_remove.of(person))])
        self._lanes.show(ShowRequest(person, to_remove=left))

    def _left(self, heard: Acted) -> tuple[str, ...]:
        """Return what is to go from a chat once its card is shown: the person's own message, and what was said without the store."""
        handed_over = self._unsaved.handed_over(heard.person)
        for handle in handed_over:
            self._tasks.run(self._take_over(heard.person, handle))
        return (*_own(heard), *handed_over)

    async def _take_over(self, person: str, handle: str) -> None:
        """Keep in the store that a card is to go, so that nobody else has to know."""
        try:
            await self.store.write(
                lambda t: t.messages_to_remove.add(person, handle, born=self.conversation.clock.now())
            )
        except StoreFault as fault:
            log.warning("not noted", fault=str(fault))
        else:
            self._unsaved.is_gone(person, handle)


def _own(heard: Acted) -> tuple[str, ...]:
    return (heard.own_message,) if heard.own_message is not None else ()
