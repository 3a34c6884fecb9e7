"""One batch of events after another: committed, answered, and only then confirmed by the channel that heard them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, assert_never

from bot.channels.chat_lanes import ChatLanes
from bot.channels.delivery import ShowRequest
from bot.channels.protocol import Acted, CameBack, Conversing, Heard, NotForUs, Sender
from bot.channels.unsaved_answers import Strangers, UnsavedAnswers, asks_whom_to_call, is_for_anybody
from bot.conversation.people.looking_up import LookUps, everybody_needed
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.errors import StoreFault, StoreSlow
from bot.runtime.logs import FaultLog, log
from bot.storage.everybody import NeedsEverybody
from bot.storage.store import Store
from bot.storage.values import (
    Done,
    Inbound,
    KeyOnly,
    Outcome,
    Redemption,
    Refused,
    Repeated,
)
from bot.watch.meter import meter
from dialogs.core.replies import Document, Toast, Wipe

PATIENCE = 0.75
"""Seconds for which people wait for the store; then they are answered without it."""

LOOKS_FOR = 0.75
"""Seconds until an administrator is shown that everybody is being looked up."""

HELD_UP = 10.0
"""Seconds after which the log says that something erased is still in a file."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A batch that the store was given, and what will come of it."""

    batch: tuple[Heard, ...]
    outcomes: asyncio.Task[tuple[Outcome, ...]]
    since: float
    """When it was heard."""


class EventInbox:
    """Takes what a channel heard, and sees to it that every act is answered."""

    def __init__(
        self, conversation: Conversing, sender: Sender, lanes: ChatLanes, *, store: Store, unsaved: UnsavedAnswers
    ) -> None:
        self._conversation = conversation
        self._sender = sender
        self._lanes = lanes
        self._store = store
        self._unsaved = unsaved
        self._under_way: UnderWay | None = None
        self._strangers = Strangers()
        self._tasks = BackgroundTasks()
        self._look_ups, self._not_looked_up = LookUps(store), FaultLog("not looked up")
        self._tried: dict[str, bool] = {}
        self._since = 0.0
        self._is_late = False

    async def take(self, batch: Sequence[Heard]) -> None:
        """Take a batch: after this its effects are durable, and it may be confirmed.

        Raises `StoreFault` where they are not, or not yet: a batch that the store is slow with goes on, and is looked
        after when it is handed in again.
        """
        kept = await self._finished(is_late=True) if self._under_way is not None else frozenset()
        rest = tuple(heard for heard in batch if heard.key not in kept)
        if rest:
            turns = self._turns(rest)
            self._under_way = UnderWay(rest, asyncio.create_task(turns), meter().now())
            await self._finished()

    async def _finished(self, *, is_late: bool = False) -> frozenset[str]:
        """Respond to the batch under way once it is kept, which may be long ago where it `is_late`; the keys of its events."""
        under_way = self._under_way
        assert under_way is not None, "nothing is under way"
        # `wait` and not `wait_for`, which would cancel the answers to what the store keeps all the same.
        await asyncio.wait({under_way.outcomes}, timeout=PATIENCE)
        if not under_way.outcomes.done():
            raise StoreSlow("The store is slow: what people did waits to be saved.", PATIENCE)
        self._under_way = None
        outcomes = await under_way.outcomes
        self._tried.clear()
        self._since, self._is_late = under_way.since, is_late
        for heard, outcome in zip(under_way.batch, outcomes, strict=True):
            self._respond(heard, outcome)
        return frozenset(heard.key for heard in under_way.batch)

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
        await asyncio.gather(self._tasks.settle(seconds), self._unsaved.settle(seconds))

    async def _turns(self, batch: Sequence[Heard]) -> tuple[Outcome, ...]:
        return await self._store.turns([self._inbound(heard) for heard in batch])

    def _inbound(self, heard: Heard) -> Inbound:
        if not isinstance(heard, Acted):
            at = self._conversation.clock.now()
            return Inbound(key=heard.key, at=at, person=None, decide=None, own_message=None)
        claim, decide = None, self._conversation.decide(heard.event, words=heard.words)
        if heard.code and self._may_try(heard):
            claim = Redemption(heard.code, self._conversation.redeem(heard.event))
        return Inbound(heard.key, heard.event.occasion.now.at, heard.person, decide, heard.own_message, claim)

    def _may_try(self, heard: Acted) -> bool:
        """Whether the code of an event is looked at; it counts as one try, however often the batch is taken."""
        if heard.key not in self._tried:
            self._tried[heard.key] = self._strangers.may_try(heard.person, self._conversation.clock.now())
        return self._tried[heard.key]

    def _respond(self, heard: Heard, outcome: Outcome) -> None:
        match heard:
            case Acted():
                self._respond_to_act(heard, outcome)
            case CameBack(person=person):
                self._lanes.show(ShowRequest(person, is_unsure=True))
            case NotForUs():
                pass
            case _:
                assert_never(heard)

    def _respond_to_act(self, heard: Acted, outcome: Outcome) -> None:
        match outcome:
            case Done() if (needed := everybody_needed(outcome)) is not None:
                self._tasks.run(self._respond_once_looked_up(heard, outcome, needed))
            case Done():
                if heard.code:
                    self._strangers.forgive(heard.person)
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
        person, effects = done.record.person, done.effects
        toast = " ".join(self._say(effect) for effect in effects if isinstance(effect, Toast))
        if done.is_erasure:
            self._tasks.run(self._answer_once_gone(heard, toast))
        else:
            self._answer(heard, toast)
        if any(isinstance(effect, Wipe) for effect in effects):
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
                is_owed=any(isinstance(effect, Document) for effect in effects),
            )
        )

    async def _respond_once_looked_up(self, heard: Acted, asked: Done, needed: NeedsEverybody[Any]) -> None:
        """Look everybody up for an act, and respond to what comes of it; where that takes a while, show that it was asked,
        and answer the tap, which is too old for that soon: what is said stands above the card then.
        """
        since, looking = self._since, asyncio.create_task(self._look_ups.look_up(asked, needed))
        try:
            await asyncio.wait({looking}, timeout=LOOKS_FOR)
            if not looking.done():
                self._show_asked(heard)
                heard = replace(heard, is_new=False, reply_to=None)
            outcome = await looking
        except StoreFault as fault:
            self._not_looked_up.note(fault)
            self._show_asked(heard)
            return
        finally:
            looking.cancel()
        self._not_looked_up.over()
        self._since, self._is_late = since, True
        if isinstance(outcome, KeyOnly):  # the person has gone on to something else, or may not do this any more
            self._show_asked(replace(heard, is_new=False))
        else:
            self._respond_to_act(heard, outcome)

    def _show_asked(self, heard: Acted) -> None:
        """Show what is kept: that it was asked, or whatever came of it since."""
        self._answer(heard, "")
        self._lanes.show(ShowRequest(heard.person, is_new=heard.is_new, to_remove=self._left(heard)))

    def _bring_about(self, request: ShowRequest) -> None:
        """Show what came of an act; where that is late, what the store has by now: the chat may have been closed since."""
        self._lanes.show(replace(request, record=None) if self._is_late else request)

    def _apologise(self, heard: Acted, refused: Refused) -> None:
        """Say that it was the bot's own failure, with the error id that the log has, and show what counts.

        Whom to call is shown all the same, to somebody whose row does not open too.
        """
        log.error("refused", error=refused.error, where=refused.where)
        if asks_whom_to_call(heard.event):
            self._unsaved.answer(heard, toast="not-saved")
            return
        self._unsaved.withdraw(heard.person)
        sorry = self._say(Toast("failed", (("error", refused.error.rpartition(" ")[2]),)))
        self._answer(heard, sorry)
        if heard.reply_to is None:
            self._tasks.run(self._lanes.tell(heard.person, sorry))
        self._lanes.show(ShowRequest(heard.person, is_new=heard.is_new, to_remove=_own(heard)))

    def _answer(self, heard: Acted, toast: str) -> None:
        if heard.reply_to is not None:
            self._tasks.run(meter().timing(partial(self._sender.answer, heard.reply_to, toast), self._since))

    async def _answer_once_gone(self, heard: Acted, toast: str) -> None:
        """Say that something was erased when it is, in every file: somebody who reads at the desk may hold that up."""
        while not await self._store.is_gone(seconds=HELD_UP):
            log.warning("an erasure is held up")
        self._answer(heard, toast)

    def _turn_away(self, heard: Acted) -> None:
        """Say the one line that every stranger gets, in answer to their act or, not too often, by itself. Whom to call is for anybody."""
        if is_for_anybody(heard.event):
            self._unsaved.answer_stranger(heard)
            return
        self._unsaved.withdraw(heard.person)
        meter().happened("wrong code" if heard.code else "turned away")
        line = self._say(Toast("stranger"))
        if heard.reply_to is not None:
            self._answer(heard, line)
        elif self._strangers.may_be_told(heard.person, self._conversation.clock.now()):
            self._tasks.run(self._tell_stranger(heard.person, line))

    async def _tell_stranger(self, person: str, line: str) -> None:
        """Say it; no message of a stranger's chat is recorded, since there is no row for them."""
        await self._sender.tell(person, line)

    async def _clear_away(self, person: str) -> None:
        """Remove at once whatever is known to be left in a chat."""
        left = tuple(each.handle for each in await self._store.messages_to_remove.of(person))
        self._lanes.show(ShowRequest(person, to_remove=left))

    def _left(self, heard: Acted) -> tuple[str, ...]:
        """What is to go from a chat once its card is shown: the person's own message, and what was said without the store."""
        handed_over = self._unsaved.handed_over(heard.person)
        for handle in handed_over:
            self._tasks.run(self._take_over(heard.person, handle))
        return (*_own(heard), *handed_over)

    async def _take_over(self, person: str, handle: str) -> None:
        """Keep in the store that a card is to go, so that nobody else has to know."""
        try:
            await self._store.messages_to_remove.add(person, handle, born=self._conversation.clock.now())
        except StoreFault as fault:
            log.warning("not noted", fault=str(fault))
        else:
            self._unsaved.is_gone(person, handle)

    def _say(self, toast: Toast) -> str:
        return self._conversation.script.wording.say(f"toast.{toast.key}", **dict(toast.values))


def _own(heard: Acted) -> tuple[str, ...]:
    return (heard.own_message,) if heard.own_message is not None else ()
