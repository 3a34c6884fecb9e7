"""Now and then an administrator's own chat is sent whom to call, and it is taken away again at once: a probe from end to end.

One that is left in the chat, as when the bot is killed, is removed by the next run.

It refuses to judge: when it was sent and when anything arrived is counted, and whoever watches the bot looks at that.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from bot.channels.protocol import Scripted, Sender, Sending, SendResult
from bot.channels.unsaved_answers import TOKEN
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import local_time
from bot.runtime.logs import log
from bot.storage.unsaved_cards import UnsavedCards
from bot.watch.meter import meter
from dialogs.core.acts import Kind, Overlay
from dialogs.core.replies import Card
from dialogs.locked import AccountState, Gate, gate_card

EVERY = 300.0
"""Seconds for which a card that somebody was shown counts. After that one is sent."""

LOOK_EVERY = 15.0
"""Seconds between two looks whether one was shown."""

GRACE = 0.5
"""Seconds in which a card that was just sent is taken away when the bot is stopped."""


class DeliveryProbe:
    """Sends whom to call to one person while nobody else is shown it."""

    def __init__(self, sender: Sender, conversation: Scripted, person: str, *, kept: UnsavedCards) -> None:
        """`kept` is where it is noted which cards stand in chats, for a process that does not end in order."""
        self._sender, self._kept = sender, kept
        self._conversation = conversation
        self._person = person
        self._over = asyncio.Event()
        self._tasks = BackgroundTasks()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look while the block runs, and then take away what was just sent."""
        self._tasks.run(self._run())
        try:
            yield
        finally:
            self._over.set()
            await self._tasks.settle(GRACE)

    async def _run(self) -> None:
        """Send it where nothing arrived lately. What is under way is not sent a second time."""
        while not self._over.is_set():
            if meter().seconds_since_delivery() >= EVERY:
                meter().probes()
                await self._send()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), LOOK_EVERY)

    async def _send(self) -> None:
        sent = await self._sender.send(self._person, self._card(), Sending(is_quiet=True))
        if isinstance(sent, str):
            self._kept.keep(self._person, sent)
            # Aside: a chat that Telegram refuses by now is just what the next one is to find out.
            self._tasks.run(self._take_away(sent))
        elif sent is SendResult.SHUT:
            log.error("the chat for the probe is shut")

    async def _take_away(self, handle: str) -> None:
        await self._sender.remove(self._person, (handle,))
        self._kept.forget(self._person, handle)

    def _card(self) -> Card:
        """What anybody is shown who asks, with what this is above it, and no button."""
        script, now = self._conversation.script, local_time(self._conversation.clock.now())
        gate, notice = Gate(AccountState.STRANGER, Overlay(Kind.URGENT)), script.wording.say("gate.probe")
        return replace(gate_card(gate, TOKEN, script=script, now=now, notice=notice), rows=())
