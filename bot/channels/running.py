"""A channel at work: what it hears is committed and answered, what is due is done, and what was lost is shown again.

While there is no store everybody is told whom to call, and nothing is kept or confirmed.
"""

import asyncio
import signal
from collections.abc import Collection, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bot.channels.delivery import ChatLanes, Mark
from bot.channels.due_work import DueWork
from bot.channels.inbox import ChatInbox, Turns
from bot.channels.protocol import Acted, Heard, Listener, Sender
from bot.channels.recovery import Recovery, Upkeep
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.conversation.conversation import Conversation
from bot.conversation.talk import Talk
from bot.operations.watching import Watch
from bot.runtime.errors import StoreUnavailable
from bot.storage.store import Store

if TYPE_CHECKING:
    pass


class Opened(NamedTuple):
    """An open store, the conversation over it, the keyed hash by which its cards are recognised, and the turns of all channels."""

    store: "Store"
    conversation: Conversation
    mark: Mark
    turns: Turns


class Main(Protocol):
    """The channel that a program is run for."""

    @property
    def bare(self) -> Talk:
        """The conversation as far as it needs no store."""
        ...

    def open(self, watch: Watch, stopped: asyncio.Event) -> AbstractAsyncContextManager[None]:
        """Open what it needs all the time, while the block runs."""
        ...

    async def without_store(self, until: Collection[asyncio.Task[Any]]) -> None:
        """Tell everybody whom to call until one of these is done; it may return before."""
        ...

    async def with_store(self, opened: Opened) -> None:
        """Hold the conversation until stopped. Raises `StoreFault` where the store is found damaged."""
        ...

    async def settle(self) -> None:
        """Let what is under way finish, at most for some seconds."""
        ...


class WithoutStore:
    """An inbox that can keep nothing, and so refuses every batch: what was not kept is never confirmed."""

    def __init__(self, answers: UnsavedAnswers) -> None:
        self._answers = answers

    async def take(self, batch: Sequence[Heard]) -> None:
        raise StoreUnavailable("The store is not open. Nothing of this step was saved.")

    def cannot_keep(self, batch: Sequence[Heard], *, is_tried_again: bool) -> None:
        for heard in batch:
            if isinstance(heard, Acted):
                self._answers.answer(heard, toast="closed-unreachable")
                self._answers.introduce(heard)


async def answer_without_store(
    listener: Listener, answers: UnsavedAnswers, *, until: Iterable[asyncio.Task[Any]]
) -> None:
    """Answer everybody until one of these is done. Raises what ends listening."""
    listening = asyncio.create_task(listener.listen(WithoutStore(answers), lambda *_: None))
    try:
        await asyncio.wait({listening, *until}, return_when=asyncio.FIRST_COMPLETED)
        if listening.done():
            await listening
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


GRACE = 2.0
"""Seconds for answers and cards that are under way when the channel is stopped."""


@dataclass(frozen=True, slots=True)
class Channel:
    """What a channel is made of: how it hears, and how it shows."""

    listener: Listener
    sender: Sender


def stopped_by_signals() -> asyncio.Event:
    """An event that is set when this process is told to stop: by SIGTERM, by Ctrl-C, or since its terminal was closed.

    Where whoever began it has SIGHUP ignored, as `nohup` does, it stays ignored.
    """
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    is_bound = signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN
    for number in (signal.SIGTERM, signal.SIGINT, *((signal.SIGHUP,) if is_bound else ())):
        loop.add_signal_handler(number, stopped.set)
    return stopped


async def run_channel(
    channel: Channel, opened: Opened, *, unsaved: UnsavedAnswers, audit_months: int, stopped: asyncio.Event
) -> None:
    """Hear and answer until stopped, or until there is nobody left to hear; then let what is under way finish."""
    store, conversation, mark, turns = opened
    lanes = ChatLanes(conversation, channel.sender, store, mark)
    inbox = ChatInbox(conversation, channel.sender, lanes, store=store, unsaved=unsaved, turns=turns)
    recovery = Recovery(conversation, store, lanes, channel.sender)
    due_work = DueWork(conversation, store, lanes, channel.sender.replace_after)
    try:
        await _first_to_end(
            channel.listener.listen(inbox, recovery.begin), recovery.tidy(audit_months), due_work.run(), stopped=stopped
        )
    finally:
        await asyncio.gather(recovery.settle(), inbox.settle(GRACE), lanes.settle(GRACE))


async def keep_up_during(
    waiting: Coroutine[Any, Any, None],
    conversation: Conversation,
    *,
    store: Store,
    audit_months: int,
    stopped: asyncio.Event,
) -> None:
    """Wait for this, or until stopped, in which time no channel keeps the store up: forget and erase what is past its term."""
    await _first_to_end(waiting, Upkeep(conversation, store).run_after_a_while(audit_months), stopped=stopped)


async def _first_to_end(*works: Coroutine[Any, Any, None], stopped: asyncio.Event) -> None:
    """Work until stopped, or until one of the works ends; raise what made it fail, and give up the others.

    All but the first end only by failing. Without one of them the promises no longer hold, so the bot must stop.
    """
    tasks = [asyncio.create_task(work) for work in works]
    stopping = asyncio.create_task(stopped.wait())
    try:
        ended, _ = await asyncio.wait((*tasks, stopping), return_when=asyncio.FIRST_COMPLETED)
        for task in ended - {stopping}:
            await task
    finally:
        for task in (*tasks, stopping):
            task.cancel()
