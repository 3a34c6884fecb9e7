"""Watches the bot that it runs in: looks every few seconds how it is, writes that down, and tells systemd that it is alive.

It refuses to know what is heard and said. Its numbers come from the meter, and from the store as a whole.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from bot.operations.backup.old import LATE
from bot.operations.counted import last_month
from bot.operations.surroundings import admissions, on_the_disk, people_today, tell_entries
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import Clock, local_time
from bot.runtime.errors import StoreFault
from bot.runtime.settings import Settings
from bot.storage.store import Store
from bot.watch.meter import Meter
from bot.watch.service_manager import ALIVE, READY, STOPPING, ServiceManager
from bot.watch.telling import ToldTogether, tell
from bot.watch.vitals import Ailment, Reach, Surroundings, Vitals, ailments, resumes, token_mark
from bot.watch.vitals_file import last_vitals, write_vitals

if TYPE_CHECKING:
    from bot.watch.port import MonitorPort

LOOK_EVERY = 5.0
"""Seconds between two looks."""

SLOW, SELDOM = 60.0, 3600.0
"""Seconds between two looks at backups, disk and the people of today; and between two at everybody's admission."""

HANGS = 30.0
"""Seconds after which a store that has not answered hangs."""

PATIENCE = 600.0
"""Seconds for which a bot that cannot keep anything is left alone. It tells everybody whom to call meanwhile, and a start anew
interrupts that for some seconds; yet in the end one may help.
"""


class Watch:
    """Looks, in an `async with`, from when the bot is alone at its store until it is stopped."""

    def __init__(
        self, settings: Settings, clock: Clock, *, meter: Meter, stopped: asyncio.Event, asks: bool = True
    ) -> None:
        self._asks = asks
        self._settings, self._clock, self._meter, self._stopped = settings, clock, meter, stopped
        self._manager = ServiceManager()
        self._counted = ToldTogether(meter)
        self._store: Store | None = None
        self._around = Surroundings()
        self._before: Vitals | None = None
        self._tasks = BackgroundTasks()
        self._under_way: dict[str, tuple[asyncio.Task[None], float]] = {}
        self._looked: dict[str, float] = {}
        self._reads = True
        self._bad_since: float | None = None
        self._warned: datetime | None = None
        self._port: MonitorPort | None = None
        token = settings.telegram_token
        self._mark = "" if token is None else token_mark(token.get_secret_value())

    async def __aenter__(self) -> Self:
        """Begin. Raises `InUse` where the port for monitors is taken."""
        self._before = before = last_vitals(self._settings.store)
        self._around = Surroundings(told=None if before is None else before.around.told)
        if self._settings.watch_address:
            from bot.watch.port import MonitorPort  # a server that most bots do not need

            self._port = MonitorPort(self._settings.watch_address, self._now)
            await self._port.open()
        self._manager.tell(READY)
        self._tasks.run(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        """End, with a last word in the file."""
        self._manager.tell(STOPPING)
        await self._tasks.settle(0)
        await self._write()
        if self._port is not None:
            await self._port.close()

    @contextmanager
    def over(self, store: Store) -> Iterator[None]:
        """Look at this store for a while."""
        self._store, self._reads = store, True
        try:
            yield
        finally:
            self._store = None

    def vitals(self) -> Vitals:
        """How the bot is at this moment."""
        meter, now, moment = self._meter, self._clock.now(), self._meter.now()

        def at(then: float | None) -> datetime | None:
            """When that was, by the clock of now."""
            return None if then is None else now - timedelta(seconds=moment - then)

        seconds = sorted(meter.seconds)
        return Vitals(
            at=now,
            started=now - timedelta(seconds=moment - meter.begun),
            has_store=self._store is not None,
            is_keeping=meter.is_keeping and self._reads and not self._hangs("store"),
            asked=at(meter.asked),
            polled=at(meter.polled),
            answered=at(meter.answered),
            kept=at(meter.kept),
            taps=meter.taps,
            tap_p50=_quantile(seconds, 0.5),
            tap_p99=_quantile(seconds, 0.99),
            refusals=meter.refusals,
            silence=meter.silence,
            events=dict(meter.events),
            around=self._around,
            reach=self._reach(at),
            asks=self._asks,
        )

    def _reach(self, at: Callable[[float | None], datetime | None]) -> Reach:
        """How it stands with Telegram; that whom to call was delivered is known from before the start, too."""
        meter, before = self._meter, self._before
        return Reach(
            bot=self._settings.bot_number,
            is_waiting=meter.is_waiting,
            is_token_refused=meter.is_token_refused,
            accepted=self._mark if meter.is_token_accepted else self._accepted_before,
            conflicted=at(meter.conflicted),
            delivered=at(meter.delivered) or (None if before is None else before.reach.delivered),
            probed=at(meter.probed),
        )

    @property
    def has_just_polled(self) -> bool:
        """Whether the bot polled with its token until just before this start."""
        return resumes(self._before, self._settings.bot_number, self._clock.now())

    @property
    def was_token_accepted(self) -> bool:
        """Whether Telegram accepted this token in a run before."""
        return bool(self._mark) and self._mark == self._accepted_before

    @property
    def _accepted_before(self) -> str:
        return "" if self._before is None else self._before.reach.accepted

    def _now(self) -> tuple[Vitals, datetime]:
        return self.vitals(), self._clock.now()

    async def _run(self) -> None:
        while not self._stopped.is_set():
            self._begin("store", self._look_into_store())
            self._begin("file", self._write())
            self._counted.tell()
            if self.is_alive():
                self._manager.tell(ALIVE)
            await _either(self._stopped, LOOK_EVERY)
        self._manager.tell(STOPPING)

    def is_alive(self) -> bool:
        """Whether a start anew is not called for: Telegram is asked, and the store was not out of reach for too long."""
        vitals, moment = self.vitals(), self._meter.now()
        ails = ailments(vitals, vitals.at)
        if {Ailment.NO_STORE, Ailment.NOT_KEEPING}.isdisjoint(ails):
            self._bad_since = None
        elif self._bad_since is None:
            self._bad_since = moment
        asks = Ailment.NOT_ASKING not in ails or moment - self._meter.begun < HANGS * 4
        return asks and (self._bad_since is None or moment - self._bad_since < PATIENCE)

    def _begin(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Do this unless the same is still under way from before: a disk that hangs holds up nothing else here."""
        before = self._under_way.get(name)
        if before is not None and not before[0].done():
            work.close()
            return
        self._under_way[name] = self._tasks.run(work), time.monotonic()

    def _hangs(self, name: str) -> bool:
        task, since = self._under_way.get(name, (None, 0.0))
        return task is not None and not task.done() and time.monotonic() - since > HANGS

    async def _look_into_store(self) -> None:
        if self._is_due("disk", SLOW):
            disk = await asyncio.to_thread(on_the_disk, self._settings)
            self._around = replace(self._around, **disk)
        if (store := self._store) is None:
            return
        self._warn_of_backups()
        try:
            self._around = await tell_entries(store, self._around)
            if self._is_due("people", SLOW):
                self._around = replace(self._around, people_today=await people_today(store, self._clock.now()))
            if self._is_due("admissions", SELDOM):
                self._around = replace(self._around, **await admissions(store, self._clock.now()))
            if self._settings.counts and self._is_due("counts", SELDOM):
                self._around = replace(self._around, **await last_month(store, self._clock.now()))
        except StoreFault:
            self._reads = False
        else:
            self._reads = True

    def _is_due(self, about: str, seconds: float) -> bool:
        """Whether this was not looked at for so long; if so, counts it as looked at."""
        now = time.monotonic()
        if now - self._looked.get(about, -seconds) < seconds:
            return False
        self._looked[about] = now
        return True

    def _warn_of_backups(self) -> None:
        """Say once a day that there is no backup of late, once there should be one."""
        now, newest = self._clock.now(), self._around.newest_backup
        is_old = now - newest > LATE if newest is not None else bool(self._around.store_bytes)
        if is_old and (self._warned is None or local_time(now).today != local_time(self._warned).today):
            self._warned = now
            tell("no recent backup")

    async def _write(self) -> None:
        try:
            await asyncio.to_thread(write_vitals, self._settings.store, self.vitals())
        except OSError:
            return  # then it grows stale, which its readers see


def _quantile(seconds: list[float], share: float) -> float | None:
    """The value that this share of all is not above; None of none."""
    return seconds[min(len(seconds) - 1, int(share * len(seconds)))] if seconds else None


async def _either(stopped: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopped.wait(), seconds)
    except TimeoutError:
        return
