"""A program that serves people: its store, opened at last, and its channels over it. Everything is put together here, once."""

import asyncio
from contextlib import AsyncExitStack, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from bot.assemble import bare_conversation, guarded
from bot.channels.running import Main, Opened, stopped_by_signals
from bot.channels.turn_queue import TurnQueue
from bot.conversation.talk import Talk
from bot.crypto.at_random import References, make_code
from bot.crypto.keys import key_place, load_key_file
from bot.operations.readiness import demand_confirmed, is_there, left_of_store, lost
from bot.operations.rotation import take_up_new_keys
from bot.operations.upgrading import bring_up
from bot.operations.watching import Watch
from bot.rehearsal.mode import made_ready
from bot.runtime.background_tasks import BackgroundTasks, Backoff
from bot.runtime.clock import Clock, local_time
from bot.runtime.errors import KeyFault, SerafError, StoreFault
from bot.runtime.logs import FaultLog, log, log_failure
from bot.runtime.settings import Settings
from bot.runtime.single_instance import Alone
from bot.runtime.starting import keep_for_good
from bot.storage.sqlite.opening import open_store
from bot.storage.sqlite.write_ahead import reserve_room
from bot.watch.meter import METER, Meter

if TYPE_CHECKING:
    from bot.channels.telegram.connecting import Manners
    from bot.channels.web.serving import WebPages
    from bot.channels.web.visitor import Identity


@dataclass(frozen=True, slots=True)
class Environment:
    """What a program is given from outside: a clock, references, fresh codes, and the lock of the store where it is held already.

    `manners` are those of Telegram; `identity` says who people are in a browser, in place of what the settings say, for tests.
    """

    clock: Clock
    references: References
    manners: "Manners | None" = None
    fresh_code: References = make_code
    alone: Alone | None = None
    identity: "Identity | None" = None


SOON = 1.5
"""Seconds for which the start waits for a store that is slow to open, within the two in which everybody is told whom to call;
where one cannot be opened it does not wait.
"""


async def serve(settings: Settings, environment: Environment, *, telegram: bool, web: bool) -> None:
    """Serve people until SIGTERM, SIGHUP or Ctrl-C. Raises a `SerafError` where that cannot begin or go on."""
    await run_until(stopped_by_signals(), settings, environment=environment, telegram=telegram, web=web)


async def run_until(
    stopped: asyncio.Event, settings: Settings, *, environment: Environment, telegram: bool = True, web: bool = False
) -> None:
    """Serve people in Telegram, in a browser or in both until the event is set. Raises a `SerafError` where that cannot begin or go on.

    Without a store everybody is told whom to call; stopped then, it raises what is wrong with the store.
    """
    asyncio.get_running_loop().set_exception_handler(_log_unhandled)
    METER.set(meter := Meter())
    pages = _pages(settings, environment) if web else None
    main: Main | None = _telegram(settings, environment, pages) if telegram else pages
    assert main is not None, "a program has a channel"
    alone = environment.alone or Alone(settings.store)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(made_ready(main.bare.script.pack))
        opening = StoreOpening(settings, main.bare, alone, fresh_code=environment.fresh_code)
        await stack.enter_async_context(opening)
        if pages is not None:
            await stack.enter_async_context(pages.listening())
        watch = Watch(settings, environment.clock, meter=meter, stopped=stopped, asks=telegram)
        await stack.enter_async_context(watch)
        await stack.enter_async_context(main.open(watch, stopped))
        while not stopped.is_set():
            await _without_store(main, opening, stopped)
            if not stopped.is_set():
                opened = await opening.opened
                try:
                    with watch.over(opened.store):
                        async with pages.serving(opened) if pages is not None else nullcontext():
                            keep_for_good()
                            await main.with_store(opened)
                except StoreFault as fault:
                    await opened.store.close()
                    opening.again(fault)
                finally:
                    await opened.store.close()
        await main.settle()
        opening.demand()
    log.info("stopped")


def _pages(settings: Settings, environment: Environment) -> "WebPages":
    from bot.channels.web import FACTS
    from bot.channels.web.serving import WebPages  # each channel is slow to import, and many programs have one

    bare = bare_conversation(settings, FACTS, environment.clock, references=environment.references)
    return WebPages(settings, bare, identity=environment.identity)


def _telegram(settings: Settings, environment: Environment, pages: "WebPages | None") -> Main:
    from bot.channels.telegram import FACTS
    from bot.channels.telegram.connecting import Manners
    from bot.channels.telegram.serving import Telegram

    bare = bare_conversation(settings, FACTS, environment.clock, references=environment.references)
    return Telegram(settings, bare, environment.manners or Manners(), pages=pages.address if pages is not None else "")


async def _without_store(main: Main, opening: "StoreOpening", stopped: asyncio.Event) -> None:
    """Return when the store is open or the program is stopped; until then have everybody told whom to call."""
    stopping, failing = asyncio.create_task(stopped.wait()), asyncio.create_task(opening.has_failed.wait())
    until = {opening.opened, stopping}
    try:
        await asyncio.wait({*until, failing}, timeout=SOON, return_when=asyncio.FIRST_COMPLETED)
        while not any(task.done() for task in until):
            await main.without_store(until)
    finally:
        stopping.cancel()
        failing.cancel()


def _log_unhandled(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log a failure that no task was there to meet."""
    if (error := context.get("exception")) is not None:
        log_failure(error)


FIRST_WAIT, LONGEST_WAIT = 1.0, 15.0
"""Seconds between tries. A store that was put back is found within the longest."""

BUSY_MILLISECONDS = 150
"""How long the bot waits at once for another program that holds the database. People who wait are answered without it."""


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
