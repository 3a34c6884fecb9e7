"""The bot's reports on itself: every few seconds, one on its traffic, its store, the disk and the backups."""

import asyncio
import hashlib
import os
import re
import shutil
import socket
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from bot.access.account import read_account
from bot.access.due import expiring, if_ending, run_out
from bot.operations.backup.service import LATE, of_the_store
from bot.operations.counted import last_month
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import LONDON, Clock, local_time
from bot.runtime.errors import StoreFault
from bot.runtime.settings import Settings
from bot.storage.store import Store
from bot.trail.audit import OPERATOR, is_operator
from bot.watch.events import OF_THE_AUDIT, ToldTogether, tell
from bot.watch.meter import Meter
from bot.watch.vitals import (
    RESUMES,
    Ailment,
    LastTimes,
    Reach,
    Surroundings,
    Traffic,
    Vitals,
    ailments,
    last_vitals,
    write_vitals,
)

if TYPE_CHECKING:
    from bot.watch.monitoring import MonitorPort

LOOK_EVERY = 5.0  # seconds between two reports on the bot
SLOW, SELDOM = 60.0, 3600.0  # seconds between look-ups of backups, disk, today's people; of admissions, counts
HANGS = 30.0  # seconds after which a store that has not answered counts as hanging
PATIENCE = 600.0  # seconds without a usable store after which a restart, which interrupts all answers, is worth trying


class Watch:
    """The reporting on the bot, during an `async with` block. `asks` is False if the bot serves web pages and not Telegram."""

    def __init__(
        self, settings: Settings, clock: Clock, *, meter: Meter, stopped: asyncio.Event, asks: bool = True
    ) -> None:
        self._settings, self._clock, self._meter, self._stopped, self._asks = settings, clock, meter, stopped, asks
        self._counted = ToldTogether(meter)
        self._store: Store | None = None
        self._around = Surroundings()
        self._before: Vitals | None = None
        self._accepted_before = ""
        self._tasks = BackgroundTasks()
        self._under_way: dict[str, tuple[asyncio.Task[None], float]] = {}
        self._looked: dict[str, float] = {}
        self._reads = True
        self._bad_since: float | None = None
        self._warned: datetime | None = None
        self._port: MonitorPort | None = None
        token = settings.telegram_token
        self._mark = ""  # the start of a hash of the token, which does not reveal it
        if token is not None:
            self._mark = hashlib.sha256(b"accepted token\0" + token.get_secret_value().encode()).hexdigest()[:16]

    async def __aenter__(self) -> Self:
        """Start to report. Raise `InUse` if another program uses the port for monitoring systems."""
        if (before := last_vitals(self._settings.store.path)) is not None:
            self._before, self._accepted_before = before, before.reach.accepted
            self._around = Surroundings(told=before.around.told)
        if self._settings.watch_address:
            from bot.watch.monitoring import MonitorPort  # slow to import, and rarely needed

            self._port = MonitorPort(self._settings.watch_address, lambda: (self.vitals(), self._clock.now()))
            await self._port.open()
        notify_manager(READY)
        self._tasks.run(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        notify_manager(STOPPING)
        await self._tasks.settle(0)
        await self._write()
        if self._port is not None:
            await self._port.close()

    @contextmanager
    def over(self, store: Store) -> Iterator[None]:
        """Include this store in the reports while the block runs."""
        self._store, self._reads = store, True
        try:
            yield
        finally:
            self._store = None

    def vitals(self) -> Vitals:
        """Return a report on the present state of the bot."""
        meter, before, now, moment = self._meter, self._before, self._clock.now(), self._meter.now()

        def at(then: float | None) -> datetime | None:
            return None if then is None else now - timedelta(seconds=moment - then)

        reach = Reach(
            bot=self._settings.bot_number,
            is_waiting=meter.is_waiting,
            is_token_refused=meter.is_token_refused,
            accepted=self._mark if meter.is_token_accepted else self._accepted_before,
            conflicted=at(meter.conflicted),
            delivered=at(meter.delivered) or (None if before is None else before.reach.delivered),
            probed=at(meter.probed),
        )
        seconds = sorted(meter.seconds)
        look, since = self._under_way.get("store", (None, 0.0))
        hangs = look is not None and not look.done() and time.monotonic() - since > HANGS
        return Vitals(
            at=now,
            started=now - timedelta(seconds=moment - meter.begun),
            has_store=self._store is not None,
            is_keeping=meter.is_keeping and self._reads and not hangs,
            last=LastTimes(at(meter.asked), at(meter.polled), at(meter.answered), at(meter.kept)),
            traffic=Traffic(
                taps=meter.taps,
                tap_p50=_quantile(seconds, 0.5),
                tap_p99=_quantile(seconds, 0.99),
                refusals=meter.refusals,
                silence=meter.silence,
            ),
            events=dict(meter.events),
            around=self._around,
            reach=reach,
            asks=self._asks and meter.is_leading,
            leads=meter.is_leading,
            copies=tuple(astuple(copy) for copy in self._store.leading.copies) if self._store is not None else (),
        )

    @property
    def has_just_polled(self) -> bool:
        """True if, by the last report of the previous run, this same bot polled Telegram a short time ago."""
        before = self._before
        if before is None or before.reach.bot != self._settings.bot_number or before.last.polled is None:
            return False
        return abs(self._clock.now() - before.last.polled) <= RESUMES

    @property
    def was_token_accepted(self) -> bool:
        """True if Telegram accepted the current token in the previous run."""
        return bool(self._mark) and self._mark == self._accepted_before

    async def _run(self) -> None:
        while not self._stopped.is_set():
            self._begin("store", self._look_into_store())
            self._begin("file", self._write())
            self._counted.tell()
            if self.is_alive():
                notify_manager(ALIVE)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), LOOK_EVERY)
        notify_manager(STOPPING)

    def is_alive(self) -> bool:
        """Return False if a restart may help: the bot has not polled for long, or has long been without a usable store."""
        vitals, moment = self.vitals(), self._meter.now()
        ails = ailments(vitals, vitals.at)
        if {Ailment.NO_STORE, Ailment.NOT_KEEPING}.isdisjoint(ails):
            self._bad_since = None
        elif self._bad_since is None:
            self._bad_since = moment
        asks = Ailment.NOT_ASKING not in ails or moment - self._meter.begun < HANGS * 4
        return asks and (self._bad_since is None or moment - self._bad_since < PATIENCE)

    def _begin(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Start `work` unless earlier work of this name is still running. So a disk that hangs delays no other work."""
        before = self._under_way.get(name)
        if before is not None and not before[0].done():
            work.close()
            return
        self._under_way[name] = self._tasks.run(work), time.monotonic()

    async def _look_into_store(self) -> None:
        if self._is_due("disk", SLOW):
            disk = await asyncio.to_thread(on_the_disk, self._settings)
            self._around = replace(self._around, **disk)
        if (store := self._store) is None:
            return
        now, newest = self._clock.now(), self._around.newest_backup
        is_late = now - newest > LATE if newest is not None else bool(self._around.store_bytes)
        if is_late and (self._warned is None or local_time(now).today != local_time(self._warned).today):
            self._warned = now
            tell("no recent backup")
        try:
            self._around = await tell_entries(store, self._around)
            if self._is_due("people", SLOW):
                self._around = replace(self._around, people_today=await people_today(store, now))
            if self._is_due("admissions", SELDOM):
                self._around = replace(self._around, **await admissions(store, now))
            if self._settings.counts and self._is_due("counts", SELDOM):
                self._around = replace(self._around, **await last_month(store, now))
        except StoreFault:
            self._reads = False
        else:
            self._reads = True

    def _is_due(self, subject: str, seconds: float) -> bool:
        """Return True, and note the time, if the subject was last looked up at least `seconds` ago."""
        now = time.monotonic()
        if now - self._looked.get(subject, -seconds) < seconds:
            return False
        self._looked[subject] = now
        return True

    async def _write(self) -> None:
        with suppress(OSError):  # readers notice that the report is stale
            await asyncio.to_thread(write_vitals, self._settings.store.path, self.vitals())


def _quantile(seconds: list[float], share: float) -> float | None:
    return seconds[min(len(seconds) - 1, int(share * len(seconds)))] if seconds else None


def on_the_disk(settings: Settings) -> dict[str, Any]:
    """Return the fields of `Surroundings` about backups and the disk, or None for each if a file cannot be read."""
    try:
        times = [path.stat().st_mtime for path in of_the_store(settings.backup_folder.glob("*.age"))]
        free = shutil.disk_usage(settings.store.path.parent).free
        size = None if settings.store.address else settings.store.path.stat().st_size
    except OSError:
        return dict.fromkeys(("backups", "newest_backup", "disk_free", "store_bytes"))
    newest = datetime.fromtimestamp(max(times), UTC) if times else None
    return {"backups": len(times), "newest_backup": newest, "disk_free": free, "store_bytes": size}


async def people_today(store: Store, now: datetime) -> int:
    """Return how many people were active since midnight in England."""
    midnight = now.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    return len(await store.read(lambda t: t.people.active_since(midnight.astimezone(UTC))))


async def admissions(store: Store, now: datetime) -> dict[str, Any]:
    """Return the fields of `Surroundings` about admissions that end soon or have ended."""
    accounts = await store.of_each(lambda record: if_ending(read_account(record.access), now))
    ending = [account for account in accounts if account is not None]
    soon = expiring(ending, now)
    first = soon[0].admission.until if soon else None
    return {"ending": len(soon), "ended": len(run_out(ending, now)), "first_end": first}


async def tell_entries(store: Store, before: Surroundings) -> Surroundings:
    """Log new audit entries without references of cases; in the first call, log none. Return `before` with the audit's new head."""
    head, lines = await store.read(lambda t: t.audit.after(before.told))
    logged = {event.name for event in OF_THE_AUDIT}
    for line in lines:
        entry = line.entry
        if entry is not None and entry.what in logged:
            who = OPERATOR if is_operator(entry.who) else entry.who
            is_person = re.fullmatch(r"[0-9a-f]{8}", entry.reference)
            about = {"about": entry.reference} if is_person else {}
            tell(entry.what, entry=line.number, who=who, **about)
    last = lines[-1].number if lines else head.number if before.told is None else min(before.told, head.number)
    return replace(before, audit=str(head), told=last)


READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


def notify_manager(*words: str) -> None:
    """Send `words` to the socket in NOTIFY_SOCKET, if it is set. If the service manager is not ready for them, drop them."""
    name = os.environ.get("NOTIFY_SOCKET", "")
    if not name:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifying:
        notifying.setblocking(False)
        notifying.sendto("\n".join(words).encode(), f"\0{name[1:]}" if name.startswith("@") else name)
