"""Runs a channel: it stores and answers acts, does work that is due, and shows cards again after a start or an outage."""

import asyncio
import signal
from collections.abc import Callable, Collection, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple, Protocol

from bot.channels.delivery import ChatLanes, Mark
from bot.channels.due_work import DueWork, Recovery
from bot.channels.inbox import ChatInbox, Turns
from bot.channels.protocol import Acted, Heard, Listener, Sender
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.conversation.conversation import Conversation
from bot.conversation.talk import Talk
from bot.operations.watching import Watch
from bot.runtime.errors import StoreUnavailable
from bot.runtime.logs import log
from bot.storage.store import Store
from bot.watch.meter import meter

GRACE = 2.0  # maximum wait in seconds for answers and cards in progress when the channel is stopped


class Opened(NamedTuple):
    """An open store, the conversation that uses it, the keyed hash that recognises cards, and the queue of turns of all channels."""

    store: Store
    conversation: Conversation
    mark: Mark
    turns: Turns


class Main(Protocol):
    """The main channel of a program. `bare` is the conversation for use without a store."""

    bare: Talk

    def open(self, watch: Watch, stopped: asyncio.Event) -> AbstractAsyncContextManager[None]:
        """Open what the channel needs with and without a store, and close it when the block ends."""

    async def without_store(self, until: Collection[asyncio.Task[Any]]) -> None:
        """Answer everybody with whom to call until one of these tasks ends. The channel may also return earlier."""

    async def with_store(self, opened: Opened) -> None:
        """Serve people from the open store until the program is stopped. Raise `StoreFault` if the store proves to be damaged."""

    async def settle(self) -> None:
        """Wait for the answers in progress, but only a few seconds."""


class WithoutStore:
    """A receiver for the time without a store. It says whom to call, and refuses each batch so that it is passed in again."""

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
    """Answer everybody without the store until one of these tasks ends. Raise any error that ends the listener."""
    listening = asyncio.create_task(listener.listen(WithoutStore(answers), lambda *_: None))
    try:
        await asyncio.wait({listening, *until}, return_when=asyncio.FIRST_COMPLETED)
        if listening.done():
            await listening
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


def stopped_by_signals() -> asyncio.Event:
    """Return an event that is set by SIGTERM, Ctrl-C, or the closing of the terminal (SIGHUP)."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    # `nohup` starts a program with SIGHUP ignored, and it stays ignored.
    is_bound = signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN
    for number in (signal.SIGTERM, signal.SIGINT, *((signal.SIGHUP,) if is_bound else ())):
        loop.add_signal_handler(number, stopped.set)
    return stopped


async def run_channel(
    opened: Opened,
    *,
    listener: Listener,
    sender: Sender,
    unsaved: UnsavedAnswers,
    audit_months: int,
    stopped: asyncio.Event,
) -> None:
    """Run a channel until `stopped` is set or its listener ends. Then wait a few seconds for the answers in progress."""
    store, conversation, mark, turns = opened
    lanes = ChatLanes(conversation, sender, store, mark)
    inbox = ChatInbox(conversation, sender, lanes, store=store, unsaved=unsaved, turns=turns)
    recovery = Recovery(conversation, store, lanes, sender)
    due_work = DueWork(conversation, store, lanes, sender.replace_after).run()
    listening = listener.listen(inbox, recovery.begin)
    try:
        await first_to_end(listening, recovery.tidy(audit_months), due_work, stopped=stopped)
    finally:
        await asyncio.gather(recovery.settle(), inbox.settle(GRACE), lanes.settle(GRACE))


async def while_leading(store: Store, work: Callable[[], Coroutine[Any, Any, None]], *, stopped: asyncio.Event) -> None:
    """Run work whenever this copy leads, and cancel it once another copy does, until stopped or until the work ends."""
    leading = store.leading
    while not stopped.is_set():
        meter().leads(False)
        if store.is_shared:
            log.info("stands by")
        await first_to_end(leading.gained(), stopped=stopped)
        if stopped.is_set():
            return
        meter().leads()
        await first_to_end(work(), leading.lost(), stopped=stopped)
        if leading.leads():
            return
        leading.stand_down()


async def first_to_end(*works: Coroutine[Any, Any, None], stopped: asyncio.Event) -> None:
    """Run coroutines until one of them ends or `stopped` is set, then cancel the others. Raise the error of the one that ended."""
    # All but the first end only by failing. Then the bot must stop, since its background work is not done any more.
    tasks = [asyncio.create_task(work) for work in works]
    stopping = asyncio.create_task(stopped.wait())
    try:
        ended, _ = await asyncio.wait((*tasks, stopping), return_when=asyncio.FIRST_COMPLETED)
        for task in ended - {stopping}:
            await task
    finally:
        for task in (*tasks, stopping):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
