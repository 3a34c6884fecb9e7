"""The composition root of the bot: it opens the store, and runs the channels with it."""

import asyncio
from contextlib import AsyncExitStack, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bot.assemble import bare_conversation, guarded
from bot.channels.running import Main, Opened, stopped_by_signals
from bot.channels.turn_queue import TurnQueue
from bot.conversation.talk import Talk
from bot.crypto.at_random import References, make_code
from bot.crypto.keys import key_place, load_key_file
from bot.operations.backup.service import bring_up
from bot.operations.readiness import demand_confirmed, is_there, left_of_store, lost
from bot.operations.rotation import take_up_new_keys
from bot.operations.watching import Watch
from bot.runtime.background_tasks import BackgroundTasks, Backoff
from bot.runtime.clock import Clock, local_time
from bot.runtime.errors import KeyFault, StoreFault
from bot.runtime.logs import FaultLog, log, log_failure
from bot.runtime.settings import NumbersSettings, Settings
from bot.runtime.single_instance import Alone
from bot.runtime.starting import keep_for_good
from bot.storage.opening import open_store
from bot.storage.sqlite.transaction import reserve_room
from bot.watch.meter import METER, Meter
from seraf.errors import SerafError

if TYPE_CHECKING:
    from bot.channels.telegram.connecting import Manners
    from bot.channels.web.serving import WebPages
    from bot.channels.web.visitor import Identity


@dataclass(frozen=True, slots=True)
class Environment:
    """What a running bot depends on. `manners` are its waits for Telegram. Tests replace `identity`."""

    clock: Clock
    references: References
    manners: "Manners | None" = None
    fresh_code: References = make_code
    alone: Alone | None = None
    identity: "Identity | None" = None


SOON = 1.5
"""For how many seconds the start waits for a slow store, before people are told whom to call. They have to see that within two."""

FIRST_WAIT, LONGEST_WAIT = 1.0, 15.0
"""The first and the longest wait in seconds between attempts to open the store. A restored store is noticed within the longest."""

BUSY_MILLISECONDS = 150
"""How long a query waits for a locked database. Then it fails, and people are answered without the store."""


async def serve(settings: Settings, environment: Environment, *, telegram: bool, web: bool) -> None:
    """Serve people until SIGTERM, SIGHUP or Ctrl-C. Raise `SerafError` if serving cannot begin or go on."""
    await run_until(stopped_by_signals(), settings, environment=environment, telegram=telegram, web=web)


async def run_until(
    stopped: asyncio.Event, settings: Settings, *, environment: Environment, telegram: bool = True, web: bool = False
) -> None:
    """Serve people in Telegram, in a browser or both until `stopped` is set. Raise `SerafError` if serving cannot begin or go on.

    While the store is not open, everybody is told whom to call. If the bot stops then, the store's fault is raised.
    """
    asyncio.get_running_loop().set_exception_handler(_log_unhandled)
    METER.set(meter := Meter())
    pages = _pages(settings, environment) if web else None
    main: Main | None = _telegram(settings, environment, pages) if telegram else pages
    assert main is not None, "a program has a channel"
    opening = StoreOpening(settings, main.bare, environment.alone or Alone(settings.store.path), environment.fresh_code)
    async with AsyncExitStack() as stack:
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
                        opened.store.leading.polls = telegram
                        serving = pages.serving(opened) if pages is not None else nullcontext()
                        async with opened.store.leading.kept(), serving:
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


async def serve_only_numbers(
    settings: NumbersSettings, environment: Environment, *, place: Path, stopped: asyncio.Event | None = None
) -> None:
    """Tell everybody whom to call while no other bot polls with the token, until a signal or `stopped` is set."""
    from bot.channels.telegram import FACTS
    from bot.channels.telegram.connecting import Manners
    from bot.channels.telegram.fallback import tell_numbers

    asyncio.get_running_loop().set_exception_handler(_log_unhandled)
    METER.set(Meter())
    bare = bare_conversation(settings, FACTS, environment.clock, references=environment.references)
    manners = environment.manners or Manners()
    await tell_numbers(settings, bare, manners=manners, place=place, stopped=stopped or stopped_by_signals())


def _pages(settings: Settings, environment: Environment) -> "WebPages":
    from bot.channels.web import FACTS
    from bot.channels.web.serving import WebPages  # each channel is slow to import, and many programs have one

    bare = bare_conversation(settings, FACTS, environment.clock, references=environment.references)
    return WebPages(settings, bare, identity=environment.identity)


def _telegram(settings: Settings, environment: Environment, pages: "WebPages | None") -> Main:
    from bot.channels.telegram import FACTS
    from bot.channels.telegram.connecting import Manners, Telegram

    bare = bare_conversation(settings, FACTS, environment.clock, references=environment.references)
    return Telegram(settings, bare, environment.manners or Manners(), pages=pages.address if pages is not None else "")


async def _without_store(main: Main, opening: "StoreOpening", stopped: asyncio.Event) -> None:
    """Wait `SOON` seconds for the store. After that, tell everybody whom to call until it is open or the bot stops."""
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
    """Log an exception that no task has handled."""
    if (error := context.get("exception")) is not None:
        log_failure(error)


class StoreOpening:
    """The opening of the store during an `async with` block: in the background, again after faults. At its end the store is closed."""

    def __init__(self, settings: Settings, bare: Talk, alone: Alone, fresh_code: References) -> None:
        self._settings, self._bare, self._alone, self._fresh_code = settings, bare, alone, fresh_code
        self._is_first = False
        with suppress(StoreFault):  # if this account cannot see the folder, there may have been a store
            self._is_first = not is_there(settings.store) and left_of_store(settings) is None
        self._faults = FaultLog("without a store")
        self._fault: SerafError | None = None
        self.has_failed = asyncio.Event()
        """Set from a failed attempt until the next successful one."""
        self._trying: asyncio.Task[Opened] | None = None
        self.opened: asyncio.Task[Opened]
        self._following = BackgroundTasks()

    async def __aenter__(self) -> Self:
        """Begin to open the store. Raise `InUse` if another bot uses it; after other faults, it is tried again."""
        with suppress(StoreFault):
            self._alone.demand()
        self.opened = asyncio.create_task(self._open_at_last())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop trying, close the store if it is open, and release its lock."""
        self.opened.cancel()
        await asyncio.gather(self.opened, return_exceptions=True)
        if self._trying is not None:
            (outcome,) = await asyncio.gather(self._trying, return_exceptions=True)
            if isinstance(outcome, Opened):
                await outcome.store.close()
        await self._following.settle(0)
        self._alone.release()

    def again(self, fault: SerafError) -> None:
        """Note the fault by which the open store became unusable, and open it again after a wait."""
        self._note(fault)
        self.opened = asyncio.create_task(self._open_at_last(waits_first=True))

    def demand(self) -> None:
        """If the store is not open, raise the last fault."""
        if self._fault is not None:
            raise self._fault

    async def _open_at_last(self, *, waits_first: bool = False) -> Opened:
        backoff = Backoff(FIRST_WAIT, LONGEST_WAIT)
        if waits_first:
            await backoff.wait()
        while True:
            try:
                self._trying = asyncio.create_task(self._open())
                opened = await asyncio.shield(self._trying)  # a cancelled attempt would leave a connection open
            except (StoreFault, KeyFault) as fault:
                self._note(fault)
                await backoff.wait()
            else:
                await self._following.settle(0)
                self._following.run(take_up_new_keys(opened.store, key_place(self._settings)))
                if (asking := self._bare.script.asking) is not None:  # no question should wait for it
                    self._following.run(asyncio.to_thread(asking.prepare))
                self._fault, self._is_first = None, False
                self._faults.over()
                self.has_failed.clear()
                return opened

    async def _open(self) -> Opened:
        self._alone.demand()
        settings, bare = self._settings, self._bare
        # An empty store in place of a lost one would admit nobody (ADR 0052).
        if not (self._is_first or is_there(settings.store)):
            raise lost(settings, left_of_store(settings))
        place = key_place(settings)
        keys = load_key_file(place)
        upgraded = await asyncio.to_thread(bring_up, settings, at=bare.clock.now(), busy_milliseconds=BUSY_MILLISECONDS)
        if upgraded is not None:
            log.info("the store was brought up to this version", since=upgraded.found, until=upgraded.made)
        # The first look at bank holidays is slow, and no tap should wait for it.
        await asyncio.to_thread(lambda: local_time(bare.clock.now()).is_bank_holiday)
        store = await open_store(
            settings.store, place, is_looked_through=True, upgrades=True, busy_milliseconds=BUSY_MILLISECONDS
        )
        try:
            if not settings.store.address:
                await asyncio.to_thread(reserve_room, settings.store.path)
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

    def _note(self, fault: SerafError) -> None:
        self._fault = fault
        self._faults.note(fault)
        self.has_failed.set()
