"""A channel at work: what it hears is committed and answered, what is due is done, and what was lost is shown again."""

import asyncio
import signal
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from bot.channels.card_delivery import Mark
from bot.channels.chat_lanes import ChatLanes
from bot.channels.due_work import DueWork
from bot.channels.event_inbox import EventInbox
from bot.channels.protocol import Listener, Sender
from bot.channels.recovery import Recovery, Upkeep
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.conversation.admitted_conversation import AdmittedConversation
from bot.storage.store import Store

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
    channel: Channel,
    conversation: AdmittedConversation,
    *,
    store: Store,
    unsaved: UnsavedAnswers,
    mark: Mark,
    audit_months: int,
    stopped: asyncio.Event,
) -> None:
    """Hear and answer until stopped, or until there is nobody left to hear; then let what is under way finish."""
    lanes = ChatLanes(conversation, channel.sender, store, mark)
    inbox = EventInbox(conversation, channel.sender, lanes, store=store, unsaved=unsaved)
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
    conversation: AdmittedConversation,
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
