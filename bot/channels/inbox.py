"""The inbox: it passes what people do to the store, as turns, and answers them with the outcomes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple, assert_never

from bot.channels.delivery import ChatLanes, ShowRequest
from bot.channels.protocol import Acted, CameBack, Heard, NotForUs, Sender
from bot.channels.turn_queue import TurnQueue
from bot.channels.unsaved_answers import Strangers, UnsavedAnswers, asks_whom_to_call, is_for_anybody
from bot.conversation.conversation import Conversation, OpenConversation
from bot.conversation.people.deeds import once_looked_up
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.errors import StoreFault, StoreSlow
from bot.runtime.logs import FaultLog, log
from bot.storage.store import Store
from bot.storage.turning import once_derived
from bot.storage.values import Done, Inbound, KeyOnly, NeedsEverybody, Outcome, Refused, Repeated, Undecided
from bot.watch.meter import meter
from dialogs.core.replies import Document, Toast, Wipe

PATIENCE = 0.75  # seconds after which people are answered without the store if it is slow
HELD_UP = 10.0  # seconds after which the log says that an erasure is delayed
Turns = TurnQueue[Inbound, Outcome]  # the queue of turns, shared by all channels of a program


class Inbox:
    """The base of the inboxes of chats and pages: it passes acts to the store as turns, and writes the texts that answer them."""

    def __init__(self, conversation: Conversation | OpenConversation, store: Store, turns: Turns) -> None:
        self.conversation, self.store, self._turns = conversation, store, turns
        self._not_looked_up = FaultLog("not looked up")
        self._tasks = BackgroundTasks()

    def hand_in(self, batch: Sequence[Heard]) -> asyncio.Future[tuple[Outcome, ...]]:
        """Queue a batch. The future gets its outcomes once they are durable, or a `StoreFault` if none is stored."""
        inbounds = [self._inbound(heard) for heard in batch]
        # Other batches are stored while the hash of a PIN is derived.
        return asyncio.create_task(once_derived(self._turns.hand_in, inbounds))

    def _inbound(self, heard: Heard) -> Inbound:
        if not isinstance(heard, Acted):
            return Inbound(heard.key, self.conversation.clock.now(), person=None, decide=None, own_message=None)
        decide = self.conversation.decide(heard.event, words=heard.words, code=heard.code)
        at, is_try = heard.event.occasion.now.at, bool(heard.code)
        return Inbound(heard.key, at, heard.person, decide, heard.own_message, is_try)

    def said(self, heard: Acted, outcome: Done | Refused) -> str:
        """Return the toasts of an outcome as one text, or an apology with an error id if the bot itself failed."""
        if isinstance(outcome, Refused):
            log.error("refused", error=outcome.error, where=outcome.where)
            return self.say(Toast("failed", (("error", outcome.error.rpartition(" ")[2]),)))
        return " ".join([self.say(effect) for effect in outcome.effects if isinstance(effect, Toast)])

    async def look_up(self, heard: Acted, asking: Undecided) -> Outcome | None:
        """Read all people for an act that needs them. Return the outcome of its second turn, or None after a fault."""
        if not isinstance(asking.needed, NeedsEverybody):  # the store failed once the hash of a PIN was derived
            return None
        try:
            again = await once_looked_up(self.store, self._inbound(heard), asking.needed)
            outcome = again if isinstance(again, Refused) else (await self._turns.hand_in([again]))[0]
        except StoreFault as fault:
            self._not_looked_up.note(fault)
            return None
        self._not_looked_up.over()
        return outcome

    async def gone(self) -> None:
        """Wait until no file contains erased data any more. A program that reads the database meanwhile delays that."""
        while not await self.store.is_gone(seconds=HELD_UP):
            log.warning("an erasure is held up")

    def say(self, toast: Toast) -> str:
        """Return the text of a toast."""
        return self.conversation.script.wording.say(f"toast.{toast.key}", **dict(toast.values))


class UnderWay(NamedTuple):
    """A batch that the store is saving, the future of its outcomes, and the monotonic time in seconds at which it arrived."""

    batch: tuple[Heard, ...]
    outcomes: asyncio.Future[tuple[Outcome, ...]]
    since: float


class ChatInbox(Inbox):
    """The inbox of a chat channel. It stores batches, and answers each act in the chat of the person who acted."""

    def __init__(
        self,
        conversation: Conversation | OpenConversation,
        sender: Sender,
        lanes: ChatLanes,
        *,
        store: Store,
        unsaved: UnsavedAnswers,
        turns: Turns | None = None,
    ) -> None:
        super().__init__(conversation, store, turns or TurnQueue(store.turns))
        self._sender, self._lanes, self._unsaved, self._strangers = sender, lanes, unsaved, Strangers()
        self._under_way: UnderWay | None = None
        self._since, self._is_late = 0.0, False

    async def take(self, batch: Sequence[Heard]) -> None:
        # If the store was slow, the last batch was refused while it was being saved, and is passed in again.
        stored = await self._finished(self._under_way, is_late=True) if self._under_way else frozenset()
        rest = tuple([heard for heard in batch if heard.key not in stored])
        if rest:
            self._under_way = UnderWay(rest, self.hand_in(rest), meter().now())
            await self._finished(self._under_way)

    async def _finished(self, under_way: UnderWay, *, is_late: bool = False) -> frozenset[str]:
        """Wait until a batch is stored, answer it, and return the keys of its events. Raise `StoreSlow` after `PATIENCE` seconds."""
        # `wait` and not `wait_for`, which would cancel the answers to turns that the store saves all the same.
        await asyncio.wait({under_way.outcomes}, timeout=PATIENCE)
        if not under_way.outcomes.done():
            raise StoreSlow("The store is slow: what people did waits to be saved.", PATIENCE)
        self._under_way = None
        outcomes = under_way.outcomes.result()
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
        for heard in batch:
            if isinstance(heard, Acted):
                self._unsaved.answer(heard, toast="not-saved" if is_tried_again else "closed-unreachable")

    async def settle(self, seconds: float) -> None:
        if self._under_way is not None:
            await asyncio.wait({self._under_way.outcomes}, timeout=seconds)
            self._under_way.outcomes.cancel()  # the store goes on by itself, and the next start finds what it saved
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
                self._bring_about(ShowRequest(record.person, record, shown, to_remove=self._old_messages(heard)))
            case Refused():
                self._apologise(heard, outcome)
            case Repeated() | KeyOnly():
                self._turn_away(heard)
            case _:
                assert_never(outcome)

    def _show(self, heard: Acted, done: Done) -> None:
        toast, person = self.said(heard, done), done.record.person
        kinds = set(map(type, done.effects))
        if done.is_erasure:
            self._tasks.run(self._answer_once_gone(heard, toast))
        else:
            self._answer(heard, toast)
        if Wipe in kinds:
            self._tasks.run(self._clear_away(person))
        notice, strays = toast if heard.reply_to is None else "", (heard.pressed_on,) if heard.pressed_on else ()
        request = ShowRequest(person, done.record, done.shown, heard.is_new, notice=notice, strays=strays)
        self._bring_about(replace(request, to_remove=self._old_messages(heard), is_owed=Document in kinds))

    async def _respond_once_looked_up(self, heard: Acted, asking: Undecided) -> None:
        """Read everybody's accounts for an act that needs them, and answer it. If the store fails, the card stays unchanged."""
        since, outcome = self._since, await self.look_up(heard, asking)
        if outcome is None:
            self._unsaved.answer(heard, toast="closed-unreachable")
            return
        self._since, self._is_late = since, True
        self._respond(heard, outcome)

    def _bring_about(self, request: ShowRequest) -> None:
        """Show the outcome of an act. If its batch was stored late, show the record in the store, since the chat may have been locked."""
        self._lanes.show(replace(request, record=None) if self._is_late else request)

    def _apologise(self, heard: Acted, refused: Refused) -> None:
        """Say that the bot itself failed, and show the card. If the act asked whom to call, show whom to call instead."""
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
        """Answer a person without an account: with whom to call if they asked for that, else with the text for strangers."""
        if is_for_anybody(heard.event):
            self._unsaved.answer_stranger(heard)
            return
        self._unsaved.withdraw(heard.person)
        meter().happened("wrong code" if heard.code else "turned away")
        line = self.say(Toast("stranger"))
        if heard.reply_to is not None:
            self._answer(heard, line)
        elif self._strangers.may_be_told(heard.person, self.conversation.clock.now()):
            # The message is not recorded for removal, since a stranger has no row.
            self._tasks.run(self._sender.tell(heard.person, line))

    async def _clear_away(self, person: str) -> None:
        messages = await self.store.read(lambda t: t.messages_to_remove.of(person))
        self._lanes.show(ShowRequest(person, to_remove=tuple([message.handle for message in messages])))

    def _old_messages(self, heard: Acted) -> tuple[str, ...]:
        """Return the handles to remove once the card is shown: the person's message, and cards shown while the store failed."""
        handles = self._unsaved.handed_over(heard.person)
        for handle in handles:
            self._tasks.run(self._take_over(heard.person, handle))
        return (*_own(heard), *handles)

    async def _take_over(self, person: str, handle: str) -> None:
        """Record in the store that a message has to be removed, and delete its entry in the file of unsaved cards."""
        born = self.conversation.clock.now()
        try:
            await self.store.write(lambda t: t.messages_to_remove.add(person, handle, born=born))
        except StoreFault as fault:
            log.warning("not noted", fault=str(fault))
        else:
            self._unsaved.is_gone(person, handle)


def _own(heard: Acted) -> tuple[str, ...]:
    return (heard.own_message,) if heard.own_message is not None else ()
