"""The store and the conversation over it, opened at last: tried until it goes well, with the cause said while it does not.

It refuses to know what people are told meanwhile.
"""

import asyncio
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import NamedTuple, Self

from bot.assemble import guarded
from bot.channels.delivery import Mark
from bot.channels.inbox import Turns
from bot.channels.turn_queue import TurnQueue
from bot.conversation.conversation import Conversation
from bot.conversation.talk import Talk
from bot.crypto.key_places import key_place
from bot.crypto.keys import load_key_file
from bot.crypto.one_time_codes import make_code
from bot.crypto.references import References
from bot.operations.lost_store import is_there, left_of_store, lost
from bot.operations.restored import demand_confirmed
from bot.operations.rotation import take_up_new_keys
from bot.operations.upgrading import bring_up
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.backoff import Backoff
from bot.runtime.clock import local_time
from bot.runtime.errors import KeyFault, SerafError, StoreFault
from bot.runtime.logs import FaultLog, log
from bot.runtime.settings import Settings
from bot.runtime.single_instance import Alone
from bot.storage.sqlite.opening import open_store
from bot.storage.sqlite.write_ahead import reserve_room
from bot.storage.store import Store

FIRST_WAIT, LONGEST_WAIT = 1.0, 15.0
"""Seconds between tries. A store that was put back is found within the longest."""

BUSY_MILLISECONDS = 150
"""How long the bot waits at once for another program that holds the database. People who wait are answered without it."""


class Opened(NamedTuple):
    """An open store, the conversation over it, the keyed hash by which its cards are recognised, and the turns of all channels."""

    store: Store
    conversation: Conversation
    mark: Mark
    turns: Turns


class StoreOpening:
    """Opens the store, in an `async with`: alone at it, and looked through, so that no damage is built upon."""

    def __init__(self, settings: Settings, bare: Talk, alone: Alone, *, fresh_code: References = make_code) -> None:
        self._settings = settings
        self._bare = bare
        self._fresh_code = fresh_code
        self._alone = alone
        self._is_first = _is_first(settings)
        self._faults = FaultLog("without a store")
        self._fault: SerafError | None = None
        self.has_failed = asyncio.Event()
        """Set while the last try has failed."""
        self._trying: asyncio.Task[Opened] | None = None
        self.opened: asyncio.Task[Opened]
        self._following = BackgroundTasks()

    async def __aenter__(self) -> Self:
        """Begin. Raises `InUse` where another bot runs with this store; what else is wrong is tried again."""
        with suppress(StoreFault):
            self._alone.demand()
        self.opened = asyncio.create_task(self._at_last())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        """Give up what is under way, close what was opened, and let the next bot in."""
        self.opened.cancel()
        await asyncio.gather(self.opened, return_exceptions=True)
        if self._trying is not None:
            (found,) = await asyncio.gather(self._trying, return_exceptions=True)
            if isinstance(found, Opened):
                await found.store.close()
        await self._following.settle(0)
        self._alone.release()

    def again(self, fault: SerafError) -> None:
        """Open it anew, since it cannot be used as it was opened."""
        self._note(fault)
        self.opened = asyncio.create_task(self._at_last(Backoff(FIRST_WAIT, LONGEST_WAIT)))

    def demand(self) -> None:
        """Raise what is wrong with the store, where it is not open."""
        if self._fault is not None:
            raise self._fault

    async def _at_last(self, waiting: Backoff | None = None) -> Opened:
        backoff = waiting or Backoff(FIRST_WAIT, LONGEST_WAIT)
        if waiting is not None:
            await waiting.wait()
        while True:
            try:
                self._trying = asyncio.create_task(self._open())
                opened = await asyncio.shield(self._trying)  # cut half-way, it would leave a connection behind
            except (StoreFault, KeyFault) as fault:
                self._note(fault)
                await backoff.wait()
            else:
                await self._following.settle(0)
                self._following.run(take_up_new_keys(opened.store, key_place(self._settings)))
                self._fault, self._is_first = None, False
                self._faults.over()
                self.has_failed.clear()
                return opened

    async def _open(self) -> Opened:
        self._alone.demand()
        settings, bare = self._settings, self._bare
        # Where there was a store no empty one takes its place: it would admit nobody (ADR 0052).
        if not (self._is_first or is_there(settings.store)):
            raise lost(settings, left_of_store(settings))
        place = key_place(settings)
        keys = load_key_file(place)
        await asyncio.to_thread(self._bring_up)
        # Slow once, and nobody's tap waits.
        await asyncio.to_thread(lambda: local_time(bare.clock.now()).is_bank_holiday)
        store = await open_store(
            settings.store, place, is_looked_through=True, upgrades=True, busy_milliseconds=BUSY_MILLISECONDS
        )
        try:
            await asyncio.to_thread(reserve_room, settings.store)
            await demand_confirmed(store)
            conversation = await guarded(
                settings,
                store,
                keys=keys,
                script=bare.script,
                clock=bare.clock,
                references=bare.references,
                fresh_code=self._fresh_code,
            )
        except BaseException:
            await store.close()
            raise
        return Opened(store, conversation, partial(keys.lasting, "card"), TurnQueue(store.turns))

    def _bring_up(self) -> None:
        upgraded = bring_up(self._settings, at=self._bare.clock.now(), busy_milliseconds=BUSY_MILLISECONDS)
        if upgraded is not None:
            log.info("the store was brought up to this version", since=upgraded.found, until=upgraded.made)

    def _note(self, fault: SerafError) -> None:
        self._fault = fault
        self._faults.note(fault)
        self.has_failed.set()


def _is_first(settings: Settings) -> bool:
    """Whether a new store may be made: there is none, and never was. Where nobody can see that, there may have been one."""
    try:
        return not is_there(settings.store) and left_of_store(settings) is None
    except StoreFault:
        return False
