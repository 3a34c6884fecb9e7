"""What each chat shows by now: what was just delivered, ahead of the store, which is told of many at once."""

import asyncio
from collections import OrderedDict

from bot.errors import StoreFault
from bot.storage.protocol import Store
from bot.storage.values import Shown

PAUSE = 0.3
"""Seconds for which deliveries are gathered before the store is told. A crash in between shows a card a second time."""

MOST = 2_000
"""Chats remembered beside the store, so that a turn decided during a delivery does not undo it."""


class Ledger:
    """The latest of every chat that something was delivered to lately, and what the store has yet to be told."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._latest: OrderedDict[str, Shown] = OrderedDict()
        self._untold: dict[str, Shown] = {}
        self._task: asyncio.Task[None] | None = None

    def shown(self, person: str, stored: Shown) -> Shown:
        """What the person's chat shows: what was delivered last, else what the store had of it."""
        return self._latest.get(person, stored)

    def delivered(self, person: str, shown: Shown) -> None:
        """Take down that the live message shows something else now."""
        self._remember(person, shown)
        self._untold[person] = shown
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write_soon())

    async def keep(self, person: str, shown: Shown) -> None:
        """Take down at once, durably, which message is the live one."""
        self._remember(person, shown)
        self._untold.pop(person, None)
        await self._store.show(person, shown)

    async def write(self) -> None:
        """Tell the store of all that it has not been told; what it cannot keep now is tried again."""
        rows, self._untold = self._untold, {}
        if not rows:
            return
        try:
            await self._store.show_many(rows)
        except StoreFault:
            self._untold = {**rows, **self._untold}

    def _remember(self, person: str, shown: Shown) -> None:
        self._latest[person] = shown
        self._latest.move_to_end(person)
        if len(self._latest) > MOST:
            self._latest.popitem(last=False)

    async def _write_soon(self) -> None:
        while self._untold:
            await asyncio.sleep(PAUSE)
            await self.write()
