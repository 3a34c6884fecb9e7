"""The longest wait of a person during housekeeping, and its peak memory: `python -m bench.pauses`.

Without arguments it measures the work during which every tap has to wait, with 300 and with 5,000 people: the nightly
rewriting of the database file, and a rotation of the keys. `python -m bench.pauses 20000 60000` measures all
housekeeping, with 20,000 people, each of whom has an open case, and 60,000 entries of the audit. One in fifty cases is
past its retention time. If names from the printed table follow these arguments, only that work is measured. A tap is a
turn of the bot's store. Taps follow one another with pauses in between, so the wait for the store is measured, without
Telegram. Commands run in processes of their own on the same file.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pyrage import x25519
from rich.console import Console
from rich.table import Table

from bench.sessions import CASE
from bot.access.account import Account, Removed, written
from bot.access.due import SOON
from bot.cli.context import CommandContext
from bot.conversation.people.deeds import once_looked_up
from bot.crypto.keys import create_key_file
from bot.operations.housekeeping import purge
from bot.operations.rotation import take_up_new_keys
from bot.runtime.errors import StoreUnavailable
from bot.runtime.settings import Settings, StorePlace
from bot.runtime.single_instance import Alone
from bot.runtime.starting import keep_for_good
from bot.storage.opening import open_store
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import Decision, Done, Inbound, NeedsEverybody, Record, Undecided
from bot.summaries.paper import as_pdf
from bot.trail.chain import Entry
from dialogs.core.acts import Administer, PeopleDeed, code_of
from dialogs.core.events import Commanded, Pressed
from dialogs.core.role import Role
from tests.support.people.accounts import altered
from tests.support.people.admitting import access
from tests.support.people.visiting import KEYS, Visitor
from tests.support.shipped import WORDING
from tests.support.talk.summaries import summary

BATCH = 2_000
BETWEEN, OFTEN = 0.01, 0.05
LATELY, PAST, ONE_IN = timedelta(days=2), timedelta(days=300), 50
"""How long ago most people were active; how long ago people with an expired case were; one in how many those are."""

ENDING = 2
"""A person's access ends soon if their number, divided by `ONE_IN`, leaves this remainder."""

REWRITTEN = "file rewritten"
PAUSES = ("nothing", REWRITTEN, "rotation")
"""The work during which every tap has to wait; and `nothing`, whose waiting times are the basis of comparison."""

COMMANDS = {
    "backup": ("backup", "create"),
    "check": ("check",),
    "audit verify": ("audit", "verify"),
    "rotation": ("keys", "rotate"),
    "purge at the machine": ("purge",),
}


class Waited(NamedTuple):
    """How long some work took (s), how long each tap took meanwhile (ms), and the peak memory of the work's process."""

    seconds: float
    waits: list[float]
    megabytes: float | None


class Bench:
    """A store of many people in a folder, and the bot's own connection to it."""

    def __init__(self, folder: Path, people: int) -> None:
        self.settings = Settings(store=StorePlace(folder / "seraf.sqlite"), key_file=folder / "seraf.key")  # type: ignore[call-arg]
        self.people = people
        self._folder, self._taps = folder, 0

    async def fill(self, entries: int) -> None:
        """Create the store with its people, each of whom has a case, and with `entries` entries of the audit."""
        keys = create_key_file(self.settings.key_file)
        store = await open_sqlite(self.settings.store.path, keys)
        now = datetime.now(UTC)
        standings = [access(keys, at=now - ago) for ago in (LATELY, PAST)]  # hashed only twice: a PIN is slow to hash
        for start in range(0, self.people, BATCH):
            batch = range(start, min(start + BATCH, self.people))
            await store.turns([self._begun(number, now, standings) for number in batch])
        for start in range(0, entries, BATCH):
            count = min(BATCH, entries - start)
            await appended(store, [Entry(now, "0a0b0c0d", "begun", "QUIET LANTERN 41")] * count)
        await store.close()

    def _begun(self, number: int, now: datetime, standings: list[Account]) -> Inbound:
        is_over = number % ONE_IN == 1
        at = now - (PAST if is_over else LATELY)
        standing = altered(standings[is_over], who=f"{number:08x}")
        standing = altered(standing, until=now + SOON) if number % ONE_IN == ENDING else standing

        def decide(record: Record, _: object = None) -> Decision:
            due = now if is_over else now + LATELY
            begun = Record(record.person, 1, record.profile, CASE, "items", "0" * 64, at, written(standing), due)
            return Decision(begun, ())

        return Inbound(str(number), at, f"telegram:{number}", decide, None)

    async def tap(self, store: Store) -> float:
        """Take a turn of one person, and return the time until it was durable, in milliseconds."""
        self._taps += 1
        person, began = f"telegram:{self._taps * 7 * ONE_IN % self.people}", time.perf_counter()
        inbound = Inbound(f"tap {self._taps} {began}", datetime.now(UTC), person, turned, None)
        while True:
            with suppress(StoreUnavailable):  # the bot would hand it in again
                await store.turns([inbound])
                break
        return (time.perf_counter() - began) * 1_000

    async def during(self, store: Store, work: Callable[[], Awaitable[float | None]]) -> Waited:
        """Do the work, and tap for as long as it lasts. Return the measured times."""
        waits, began = list[float](), time.perf_counter()
        task = asyncio.ensure_future(work())
        while not task.done():
            waits.append(await self.tap(store))
            await asyncio.sleep(BETWEEN)
        return Waited(time.perf_counter() - began, waits, await task)

    async def command(self, *words: str) -> float:
        """Run a command of `seraf-bot`, and return the peak memory of its process in megabytes."""
        environment = {
            **os.environ,
            "SERAF_STORE": str(self.settings.store.path),
            "SERAF_KEY_FILE": str(self.settings.key_file),
            "SERAF_BACKUP_FOLDER": str(self._folder / "backups"),
            "SERAF_BACKUP_RECIPIENTS": str(x25519.Identity.generate().to_public()),
        }
        return await asyncio.to_thread(_most_memory, words, environment, self._folder)

    async def purging(self, store: Store) -> Callable[[], Awaitable[object]]:
        """Return a function that deletes what is past its retention time, as the bot does once a day."""
        context = CommandContext(self.settings, store, datetime.now(UTC))
        return partial(purge, store, await context.conversation(), now=context.now)


def _most_memory(words: tuple[str, ...], environment: dict[str, str], folder: Path) -> float:
    """Run a command of `seraf-bot` to its end, and return the peak memory of its process in megabytes."""
    command = [sys.executable, "-m", "bot.cli.main", *words]
    process = subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    most = 0
    while process.poll() is None:
        most = max(most, _memory(process.pid))
        time.sleep(OFTEN)
    # `check` may end with status 1, since a benchmark's store has no service around it.
    assert process.returncode in ((0, 1) if words == COMMANDS["check"] else (0,)), f"{words} did not do its work"
    return most / 1024


def _memory(pid: int) -> int:
    """Return the peak memory (kilobytes) of a process since it began to run its present program; 0 if it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1])
    return 0


def _forget_peak() -> None:
    """Reset the peak memory of this process to what it uses now."""
    Path("/proc/self/clear_refs").write_text("5")


async def appended(store: Store, entries: list[Entry]) -> None:
    """Append these entries to the audit of the store."""
    await store.write(lambda t: t.audit.append(entries))


def turned(record: Record, _: object = None) -> Decision:
    """Return the decision of a typical turn, which counts one more card."""
    return Decision(replace(record, card=record.card + 1, active=datetime.now(UTC)), ())


async def nothing(work: Callable[[], Awaitable[object]]) -> None:
    """Do work that has no process of its own, so that there is no peak memory to return."""
    await work()


async def seeing_to_people(store: Store) -> None:
    """As an administrator, list the people, then those whose access ends soon, and renew their access."""
    ann = Visitor("telegram:administrator", store=store)
    ann.clock.at = datetime.now(UTC)
    await ann.set(access(KEYS, Role.ADMIN, at=ann.clock.at))
    occasion = ann.bot.occasion()
    for act in (None, Administer(PeopleDeed.LIST, "ending:1"), Administer(PeopleDeed.RENEW_ALL)):
        found = await store.recall(ann.person)
        assert found is not None
        event = Pressed(occasion, found[0].card, code_of(act)) if act else Commanded(occasion, "people")
        inbound = Inbound(f"about people: {act}", ann.clock.at, ann.person, ann.bot.decide(event), None)
        (asked,) = await store.turns([inbound])
        assert isinstance(asked, Undecided)
        assert isinstance(asked.needed, NeedsEverybody)
        again = await once_looked_up(store, inbound, asked.needed)
        assert isinstance(again, Inbound)
        (outcome,) = await store.turns([again])
    assert isinstance(outcome, Done)
    assert len(outcome.effects) == 1, "they are renewed, and it is said"
    await ann.set(Removed())  # because once there is an administrator, commands ask for their PIN


def ten_papers() -> None:
    """Typeset the longest summary ten times, as the bot does in a thread when somebody requests one."""
    for _ in range(10):
        as_pdf(summary(), WORDING)


async def main(people: int, entries: int, only: tuple[str, ...]) -> None:
    """Fill a store, do all work (or only that in `only`) while people tap, and print how long their taps waited."""
    columns = (
        "meanwhile",
        "seconds",
        "taps",
        "median ms",
        "slowest ms",
        "÷ nothing",
        "the bot's MB",
        "the command's MB",
    )
    table, usual = Table(*columns), 0.0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), people)
        await bench.fill(entries)
        empty = await bench.command("--version")
        store = await open_store(bench.settings.store, bench.settings.key_file)
        alone, following = (
            Alone(bench.settings.store.path),
            asyncio.create_task(take_up_new_keys(store, bench.settings.key_file)),
        )
        alone.demand()
        keep_for_good()  # as the bot does once it is ready
        works: dict[str, Callable[[], Awaitable[float | None]]] = {
            "nothing": partial(nothing, partial(asyncio.sleep, 3)),
            "all rows counted": partial(nothing, store.verify),
            "everybody read": partial(nothing, partial(store.of_each, lambda record: record.card)),
            "purge by the bot": partial(nothing, await bench.purging(store)),
            REWRITTEN: partial(nothing, store.scrub),
            "card of people": partial(nothing, partial(seeing_to_people, store)),
            **{name: partial(bench.command, *words) for name, words in COMMANDS.items()},
            "a PDF, ten times": partial(nothing, partial(asyncio.to_thread, ten_papers)),
        }
        for name, work in works.items():
            if only and name not in only:
                continue
            _forget_peak()
            seconds, waits, megabytes = await bench.during(store, work)
            own = _memory(os.getpid()) / 1024
            ordered = sorted(waits)
            usual = usual or ordered[-1]
            memory = "" if megabytes is None else f"{megabytes:.0f}"
            row = (
                name,
                f"{seconds:.1f}",
                f"{len(waits)}",
                f"{ordered[len(waits) // 2]:.1f}",
                f"{ordered[-1]:.0f}",
                f"{ordered[-1] / usual:.1f}",
                f"{own:.0f}",
                memory,
            )
            table.add_row(*row)
        following.cancel()
        size = bench.settings.store.path.stat().st_size
        await store.close()
        alone.release()
    console = Console(highlight=False)
    console.print(table)
    megabytes = size / 1_000_000
    console.print(
        f"{people:,} people, {entries:,} entries, {megabytes:.1f} MB; a command that does nothing has {empty:.0f} MB"
    )


if __name__ == "__main__":
    sizes = [(int(sys.argv[1]), int(sys.argv[2]))] if sys.argv[1:] else [(300, 900), (5_000, 15_000)]
    for each in sizes:
        asyncio.run(main(*each, tuple(sys.argv[3:]) if sys.argv[1:] else PAUSES))
