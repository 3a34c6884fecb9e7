"""What each chat shows by now: what was just delivered, ahead of the store, which is told of many at once."""

import asyncio
from collections import OrderedDict

from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.errors import StoreFault
from bot.runtime.logs import FaultLog
from bot.storage.shown import Shown
from bot.storage.store import Store

PAUSE, WITHIN = 0.3, 5.0
"""Seconds for which deliveries are gathered before the store is told; and within which it keeps them, with the next thing that
it keeps. A crash in between shows a card a second time.
"""

MOST = 2_000
"""Chats remembered here, so that a turn decided during a delivery does not undo it."""


class DeliveryLog:
    """The latest of every chat that something was delivered to lately, and which of them the store has yet to be told of."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tasks = BackgroundTasks()
        self._latest: OrderedDict[str, Shown] = OrderedDict()
        self._unwritten: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._faults = FaultLog("not noted")

    def shown(self, person: str, stored: Shown) -> Shown:
        """What the person's chat shows: what was delivered last, else what the store had of it."""
        return self._latest.get(person, stored)

    def delivered(self, person: str, shown: Shown) -> None:
        """Record that the live message shows something else now; the store is told soon."""
        self._remember(person, shown)
        self._unwritten.add(person)
        if self._task is None or self._task.done():
            self._task = self._tasks.run(self._write_soon())

    async def intend(self, person: str, shown: Shown) -> None:
        """Record durably what is about to be done. Raises `StoreFault`, and then it must not be done.

        It is remembered first, so that what was delivered before is not written over it while the store is still writing.
        """
        self._unwritten.discard(person)
        self._remember(person, shown)
        await self._store.show(person, shown)

    async def sent(self, person: str, shown: Shown) -> None:
        """Record which message is the live one: at once where the store can, else as soon as it can again."""
        self.delivered(person, shown)
        await self.write()

    async def close(self) -> None:
        """Tell the store the rest, and stop telling it."""
        await self._tasks.settle(0)
        await self.write()

    async def write(self, *, within: float = 0.0) -> None:
        """Tell the store of all that it has not been told; what it cannot keep now is tried again."""
        told, self._unwritten = self._unwritten, set()
        try:
            await self._store.show_many({person: self._latest[person] for person in told}, within=within)
        except StoreFault as fault:
            self._faults.note(fault)
            self._unwritten |= told
        except asyncio.CancelledError:
            self._unwritten |= told
            raise
        else:
            self._faults.over()

    def _remember(self, person: str, shown: Shown) -> None:
        self._latest[person] = shown
        self._latest.move_to_end(person)
        while len(self._latest) > MOST and (oldest := next(iter(self._latest))) not in self._unwritten:
            del self._latest[oldest]

    async def _write_soon(self) -> None:
        while self._unwritten:
            await asyncio.sleep(PAUSE)
            await self.write(within=0 if self._faults.is_standing else WITHIN)
