"""After a start or an outage: chats are brought to what they should show, a few a second, while live taps go first."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.channels.telegram.hearing import chat_of
from bot.channels.telegram.lanes import Lanes, Wish
from bot.channels.telegram.speaking import Voice
from bot.clock import LONDON
from bot.conversation import Conversation
from bot.storage.protocol import Store

RECENT = timedelta(days=1)
"""Only people who were active so lately are shown their card unasked."""

BETWEEN = 1 / 20
"""Seconds between two chats, so that nobody who is pressing buttons has to wait."""

KEYS_KEPT = timedelta(days=8)
"""How long an update is remembered, so that a redelivered one is known again."""


class Recovery:
    """Shows cards again, and clears what was left to be removed."""

    def __init__(self, conversation: Conversation, store: Store, lanes: Lanes, voice: Voice) -> None:
        self._conversation = conversation
        self._store = store
        self._lanes = lanes
        self._voice = voice

    async def after_start(self) -> None:
        """Show whatever was committed but not delivered, remove what was left over, and forget old update ids."""
        now = self._conversation.clock.now()
        await self._show(await self._store.stale(now - RECENT), "")
        for litter in await self._store.litter():
            if await self._voice.remove(chat_of(litter.person), int(litter.handle)):
                await self._store.swept(litter.person, (litter.handle,))
            await asyncio.sleep(BETWEEN)
        await self._store.forget_keys(now - KEYS_KEPT)

    async def after_outage(self, since: datetime, until: datetime) -> None:
        """Say on the card of everybody active lately from when to when taps may not have counted."""
        said = {"since": _clock_time(since), "until": _clock_time(until)}
        notice = self._conversation.script.wording.say("toast.outage", **said)
        await self._show(await self._store.active_since(until - RECENT), notice)

    async def _show(self, people: Iterable[str], notice: str) -> None:
        for person in people:
            found = await self._store.recall(person)
            if found is not None:
                record, shown = found
                self._lanes.wish(Wish(record, shown, notice=notice))
            await asyncio.sleep(BETWEEN)


def _clock_time(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{local:%H:%M} ({local.day} {local:%B})"
