"""Watches the bot that it runs in: looks every few seconds how the bot is and what is around it, and writes that down.

It refuses to know what is heard and said. Its numbers come from the meter, and from the store as a whole.
"""

import asyncio
import os
import re
import shutil
import socket
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from bot.access.account import read_account
from bot.access.due import expiring, if_ending, run_out
from bot.operations.backup.folder import LATE, of_the_store
from bot.operations.counted import last_month
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import LONDON, Clock, local_time
from bot.runtime.errors import StoreFault
from bot.runtime.settings import Settings
from bot.storage.store import Store
from bot.trail.audit import OPERATOR, is_operator
from bot.trail.chain import Linked
from bot.watch.events import OF_THE_AUDIT, ToldTogether, tell
from bot.watch.meter import Meter
from bot.watch.vitals import (
    Ailment,
    Reach,
    Surroundings,
    Vitals,
    ailments,
    last_vitals,
    resumes,
    token_mark,
    write_vitals,
)

if TYPE_CHECKING:
    from bot.watch.monitoring import MonitorPort


LOOK_EVERY = 5.0
"""Seconds between two looks."""

SLOW, SELDOM = 60.0, 3600.0
"""Seconds between two looks at backups, disk and the people of today; and between two at everybody's admission."""

HANGS = 30.0
"""Seconds after which a store that has not answered hangs."""

PATIENCE = 600.0
"""Seconds for which a bot that cannot keep anything is left alone. It tells everybody whom to call meanwhile, and a restart
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
        """Begin. Raise `InUse` if the port for monitors is taken."""
        self._before = before = last_vitals(self._settings.store)
        self._around = Surroundings(told=None if before is None else before.around.told)
        if self._settings.watch_address:
            from bot.watch.monitoring import MonitorPort  # a server that most bots do not need

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
        """Return the bot's report of this moment."""
        meter, now, moment = self._meter, self._clock.now(), self._meter.now()

        def at(then: float | None) -> datetime | None:
            """Return when that was, by the clock of now."""
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
        """Return how the bot stands with Telegram. When whom to call was last delivered is known from before the start, too."""
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
        """Return True if no restart is called for: Telegram is asked, and the store was not out of reach for too long."""
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
        """Return True if this was not looked up for so long; count it as looked up then."""
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
    """Return the quantile of the values, or None if there are none."""
    return seconds[min(len(seconds) - 1, int(share * len(seconds)))] if seconds else None


async def _either(stopped: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopped.wait(), seconds)
    except TimeoutError:
        return


OF_A_PERSON = re.compile(r"[0-9a-f]{8}")
"""The random id of the audit. A reference of a case never looks like it."""

REPEATED = frozenset(event.name for event in OF_THE_AUDIT)


def on_the_disk(settings: Settings) -> dict[str, Any]:
    """Return backups, the room on the disk, and the size of the store; None for what cannot be looked up."""
    try:
        times = [path.stat().st_mtime for path in of_the_store(settings.backup_folder.glob("*.age"))]
        free, size = shutil.disk_usage(settings.store.parent).free, settings.store.stat().st_size
    except OSError:
        return dict.fromkeys(("backups", "newest_backup", "disk_free", "store_bytes"))
    newest = datetime.fromtimestamp(max(times), UTC) if times else None
    return {"backups": len(times), "newest_backup": newest, "disk_free": free, "store_bytes": size}


async def people_today(store: Store, now: datetime) -> int:
    """Return how many people were served since midnight in England."""
    midnight = now.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    return len(await store.read(lambda t: t.people.active_since(midnight.astimezone(UTC))))


async def admissions(store: Store, now: datetime) -> dict[str, Any]:
    """Return how many admissions run out soon, when the first of them does, and how many have run out."""
    standings = await store.of_each(lambda record: if_ending(read_account(record.access), now))
    ending = [each for each in standings if each is not None]
    soon = expiring(ending, now)
    first = soon[0].admission.until if soon else None
    return {"ending": len(soon), "ended": len(run_out(ending, now)), "first_end": first}


async def tell_entries(store: Store, before: Surroundings) -> Surroundings:
    """Log the entries of the audit that are new, and return the surroundings with its head. The first time none is logged."""
    head, lines = await store.read(lambda t: t.audit.after(before.told))
    for line in lines:
        _tell(line)
    told = lines[-1].number if lines else head.number if before.told is None else min(before.told, head.number)
    return replace(before, audit=str(head), told=told)


def _tell(line: Linked) -> None:
    """Tell of an entry by its number, never with the reference of a case or the name of an operator's account."""
    entry = line.entry
    if entry is None or entry.what not in REPEATED:
        return
    who = OPERATOR if is_operator(entry.who) else entry.who
    about = {"about": entry.reference} if OF_A_PERSON.fullmatch(entry.reference) else {}
    tell(entry.what, entry=line.number, who=who, **about)


READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


class ServiceManager:
    """Tells the service manager, at the socket that the environment names."""

    def __init__(self) -> None:
        named = os.environ.get("NOTIFY_SOCKET", "")
        self._address = f"\0{named[1:]}" if named.startswith("@") else named

    def tell(self, *words: str) -> None:
        """Tell it at once, or not at all: a bot does not wait for what watches it."""
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaking:
            speaking.setblocking(False)
            speaking.sendto("\n".join(words).encode(), self._address)
