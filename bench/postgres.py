"""What a tap costs with the store in PostgreSQL, and what work of the night and a failover take: `python -m bench.postgres`.

It starts a server of its own, with a standby, and takes six minutes, or eight on a busy machine. `--write` keeps the figures
in `bench/measured.json` and writes the table of docs/speed.md; `--quick` measures with few counts, in up to four. A tap is a
turn of the store, as in `bench.commits`. Copies are processes of their own. Where there is a distance to the server, a relay
adds it in each direction.
"""

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count, pairwise
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from rich.console import Console

from bench.commits import NOON, turn
from bench.figures import DELAYS, Figures, save
from bench.load import at
from bot.channels.turn_queue import TurnQueue
from bot.crypto.keys import create_key_file, load_key_file
from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreUnavailable
from bot.runtime.settings import StorePlace
from bot.storage.postgres.opening import open_postgres
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import Decision, Done, Inbound, Outcome, Record
from bot.trail.chain import Entry
from tests.support.store.relay import Relay, relayed
from tests.support.store.server import Server, cluster, demand_programs, standby

ORDINARY = ("shared_buffers=128MB", "max_wal_size=1GB")
"""The server's own defaults, where the tests' server has less."""

COPIES, AT_EACH, BATCHES, SIZES = (1, 2, 4), 5, (1, 5, 20), (300, 5_000)
"""Numbers of copies, people who tap at each copy, turns in one transaction, and people in a store."""

CONSOLE = Console(highlight=False, stderr=True)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each thing is tried."""

    rounds: int
    taps: int
    repeats: int
    transactions: int
    seconds: float
    idle: float
    lost: int


WHOLE = Counts(rounds=15, taps=100, repeats=3, transactions=30, seconds=2.0, idle=20.0, lost=3)
QUICK = Counts(rounds=3, taps=20, repeats=2, transactions=10, seconds=1.5, idle=3.0, lost=1)


def erased(record: Record, _: object = None) -> Decision:
    """Return the decision of a person's last tap, which erases the case."""
    return Decision(replace(record, card=record.card + 1, case=None, phase="", edition="", active=NOON), ())


def taps(first: int, number: int, *, people: int = 300) -> list[Inbound]:
    """Return taps with the numbers from `first` on, each of the next one of so many people."""
    return [Inbound(f"tap {tap}", NOON, f"telegram:{tap % people}", turn, None) for tap in range(first, first + number)]


@asynccontextmanager
async def opened(address: str, keys: KeyRing) -> AsyncIterator[Store]:
    """Open the store in a database; its numbers are kept in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_postgres(StorePlace(Path(folder) / "seraf", address), keys)
        try:
            yield store
        finally:
            await store.close()


def ask(address: str, statement: str) -> Any:
    """Return the first value that another program reads from the server."""
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        return (connection.execute(statement).fetchone() or (None,))[0]


# A tap alone, and beside SQLite


async def alone(address: str, counts: Counts) -> Figures:
    """Return a tap's time and processor time in each store (milliseconds), both measured in turn."""
    walls: dict[str, list[list[float]]] = {"sqlite": [], "postgresql": []}
    cpus: dict[str, list[float]] = {name: [] for name in walls}
    with tempfile.TemporaryDirectory() as folder:
        sqlite = await open_sqlite(Path(folder) / "seraf.sqlite", KeyRing.fresh())
        async with opened(address, KeyRing.fresh()) as postgresql:
            for number in range(counts.rounds + 1):
                for name, store in (("sqlite", sqlite), ("postgresql", postgresql)):
                    cpu, each = time.process_time(), []
                    for tap in taps(number * counts.taps, counts.taps):
                        began = time.perf_counter()
                        await store.turns([tap])
                        each.append((time.perf_counter() - began) * 1_000)
                    walls[name].append(each)
                    cpus[name].append((time.process_time() - cpu) / counts.taps * 1_000)
        await sqlite.close()
    middles = {name: [median(each) for each in rounds[1:]] for name, rounds in walls.items()}
    ratio = median(one / other for one, other in zip(middles["postgresql"], middles["sqlite"], strict=True))
    return {
        "alone": {
            **{name: {"wall": median(middles[name]), "cpu": median(cpus[name][1:])} for name in walls},
            "ratio": ratio,
        }
    }


async def batches(store: Store, counts: Counts, *, first: int) -> Figures:
    """Return the middle time of a transaction by the number of turns in it, and how much later than that others are (milliseconds).

    Taps are numbered from `first` on.
    """
    found, number = dict[str, Any](), first
    for size in BATCHES:
        each = []
        for _ in range(counts.transactions * (3 if size == 1 else 1)):
            batch = taps(number, size)
            number += size
            began = time.perf_counter()
            outcomes = await store.turns(batch)
            each.append((time.perf_counter() - began) * 1_000)
            assert all(isinstance(outcome, Done) for outcome in outcomes)
        found[str(size)] = median(each)
        if size == 1:
            found["late"] = [at(sorted(each), part) - median(each) for part in range(1, 100, 2)]
    return found


async def trips(store: Store, relay: Relay) -> dict[str, int]:
    """Return how often the server has to answer before the bot goes on, in one tap and in a batch of five."""
    asked = {"tap": taps(0, 1), "tap with a message": [replace(taps(1, 1)[0], own_message="7")], "five": taps(2, 5)}
    found = {}
    for name, batch in asked.items():
        relay.turns = 0
        await store.turns(batch)
        found[name] = relay.turns
    return found


# Several copies together: each is this module again, as a process


@dataclass(slots=True)
class Copy:
    """The process of one copy."""

    process: subprocess.Popen[str]

    def says(self, beginning: str) -> str:
        """Wait for its next line that begins so, and return it. Its log is passed over."""
        assert self.process.stdout is not None
        return next(line for line in self.process.stdout if line.startswith(beginning))

    def go(self) -> None:
        """Let it begin."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()


@contextmanager
def copy(address: str, key_file: Path, work: str, seconds: float = 0) -> Iterator[Copy]:
    """Start a copy, which waits with its work until it may `go`, and end it after the block."""
    command = [sys.executable, "-m", "bench.postgres", "--copy", address, str(key_file), work, str(seconds)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Copy(process)
    finally:
        process.kill()
        process.communicate()


async def as_copy(address: str, key_file: Path, work: str, seconds: float) -> None:
    """Be one copy of the bot: tap for so many seconds, or wait for the lease and hold it."""
    async with opened(address, load_key_file(key_file)) as store:
        if work == "lead":
            async with store.leading.kept():
                _say("waits")
                await store.leading.gained()
                _say("leads")
                await asyncio.to_thread(sys.stdin.readline)
            return
        await at_a_copy(store, 0.3)  # its people begin, and it verifies the rows that it meets first
        _say("ready")
        await asyncio.to_thread(sys.stdin.readline)
        _say(json.dumps(await at_a_copy(store, seconds)))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def at_a_copy(store: Store, seconds: float) -> list[float]:
    """Let a few people tap, each again once answered, and return the time of every tap (milliseconds)."""
    queue: TurnQueue[Inbound, Outcome] = TurnQueue(store.turns)
    until, took = time.monotonic() + seconds, list[float]()

    async def person(name: str) -> None:
        while (began := time.monotonic()) < until:
            (outcome,) = await queue.hand_in([Inbound(f"{name} {began}", NOON, name, turn, None)])
            assert isinstance(outcome, Done)
            took.append((time.monotonic() - began) * 1_000)

    await asyncio.gather(*(person(f"telegram:{os.getpid()}-{number}") for number in range(AT_EACH)))
    return took


def together(address: str, key_file: Path, copies: int, seconds: float) -> dict[str, float]:
    """Return the taps a second of so many copies, and how long the middle one and 99 of 100 took (milliseconds)."""
    with ExitStack() as stack:
        running = [stack.enter_context(copy(address, key_file, "tap", seconds)) for _ in range(copies)]
        for each in running:
            each.says("ready")
        for each in running:
            each.go()
        took = sorted(time for each in running for time in json.loads(each.says("[")))
    return {"rate": len(took) / seconds, "p50": at(took, 50), "p99": at(took, 99)}


# The log, the tables, and the work of a night


def written(address: str) -> int:
    """Return how much the server has written to its log so far (bytes)."""
    return int(ask(address, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"))


async def idle(address: str, counts: Counts, key_file: Path) -> float:
    """Return the bytes of log that two idle copies write a second, while nothing else is on the server."""
    with copy(address, key_file, "lead"), copy(address, key_file, "lead") as other:
        other.says("waits")
        await asyncio.sleep(2)
        before = written(address)
        await asyncio.sleep(counts.idle)
        return (written(address) - before) / counts.idle


async def logged(address: str, key_file: Path) -> dict[str, float]:
    """Return the bytes of log of a tap: of the first one of a person after a checkpoint, and of the next."""
    found = {}
    async with opened(address, load_key_file(key_file)) as store:
        await store.turns(taps(9_000_000, 300))
        with closing(psycopg.connect(address, autocommit=True)) as desk:
            desk.execute("CHECKPOINT")
        for number, name in enumerate(("first", "again"), start=1):
            before = written(address)
            for tap in taps(9_000_000 + 300 * number, 300):
                await store.turns([tap])
            found[name] = (written(address) - before) / 300
    return found


LARGE = """SELECT sum(pg_total_relation_size(oid)) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname IN ({names})"""


def large(address: str, *names: str) -> float:
    """Return the size of these tables with their indexes (bytes)."""
    return float(ask(address, LARGE.format(names=", ".join(f"'{name}'" for name in names))))


async def of_size(address: str, people: int, relay: Relay) -> Figures:
    """Return what a store of so many people weighs, and what its work of a night takes (seconds)."""
    keys, found = KeyRing.fresh(), dict[str, float]()
    async with opened(address, keys) as store:
        for number in range(0, 2 * people, 1_000):
            await store.turns(taps(number, min(1_000, 2 * people - number), people=people))
        found["person"] = large(address, "people", "standings", "cases", "case_keys") / people
        found["tap"] = large(address, "inbound") / (2 * people)
        entry = Entry(NOON, "0a0b0c0d", "begun", "QUIET LANTERN 41")
        await store.write(lambda t: t.audit.append([entry] * people))
        found["entry"] = large(address, "audit") / people
        each, before = [], written(address)
        for number in range(5):
            began = time.perf_counter()
            await store.turns([Inbound(f"erase {number}", NOON, f"telegram:{number}", erased, None)])
            each.append(time.perf_counter() - began)
        found["erasure"], found["erasure log"] = median(each), (written(address) - before) / 5
        for name, work in (
            ("night", store.scrub),
            ("everyone", lambda: store.of_each(lambda record: record.card)),
            ("counted", store.verify),
        ):
            before, began = written(address), time.perf_counter()
            await work()
            found[name], found[f"{name} log"] = time.perf_counter() - began, written(address) - before
    relay.seconds = 0.0005
    async with opened(relay.address(address.partition("?")[0].rpartition("/")[2]), keys) as store:
        began = time.perf_counter()
        await store.of_each(lambda record: record.card)
        found["everyone at 1 ms"] = time.perf_counter() - began
    async with opened(address, keys) as store:
        before, began = written(address), time.perf_counter()
        await store.change_keys(keys, KeyRing.fresh())
        found["rotation"], found["rotation log"] = time.perf_counter() - began, written(address) - before
    return found


# Failover


async def promoted(server: Server) -> dict[str, float]:
    """Stop a server as a power cut would while somebody taps, and promote its standby. Return the longest gap (seconds)."""
    with standby(server) as other:
        server.run("CREATE DATABASE promoted")
        server.waits_for_standby()
        async with opened(server.address("promoted", other), KeyRing.fresh()) as store:
            answered, over = [time.monotonic()], asyncio.Event()

            async def tapping() -> None:
                for number in count():
                    answer = None
                    while answer is None:
                        with suppress(StoreUnavailable):  # the bot hands it in again
                            answer = await store.turns(taps(number, 1))
                    answered.append(time.monotonic())
                    if over.is_set():
                        return

            tapped = asyncio.create_task(tapping())
            await asyncio.sleep(1)
            began = time.monotonic()
            await asyncio.to_thread(server.signal, "immediate")
            await asyncio.to_thread(other.promote)
            took = time.monotonic() - began
            await asyncio.sleep(1)
            over.set()
            await tapped
            kept = sum(record.card for record, _ in await store.everyone())
    assert kept == len(answered) - 1, f"{len(answered) - 1} were acknowledged, {kept} are there"
    gap = max(after - before for before, after in pairwise(answered))
    return {"promoted": gap, "promotion": took, "acknowledged": len(answered) - 1, "kept": kept}


async def lost(address: str, key_file: Path, times: int) -> dict[str, float]:
    """Kill the copy that leads, and return after how long another one leads (seconds): the middle and the longest."""
    each = []
    for _ in range(times):
        with copy(address, key_file, "lead") as first:
            first.says("leads")
            with copy(address, key_file, "lead") as second:
                second.says("waits")
                await asyncio.sleep(1)
                first.process.kill()
                began = time.monotonic()
                await asyncio.to_thread(second.says, "leads")
                each.append(time.monotonic() - began)
    return {"leader": median(each), "leader at most": max(each)}


# All of it


async def store_and_copies(
    server: Server, relay: Relay, key_file: Path, counts: Counts, *, into: dict[str, Any]
) -> None:
    """Measure batches, and copies together, at every distance: each several times in turn, since the machine has other work."""
    for delay in DELAYS:
        CONSOLE.print(f"{delay:g} ms in each direction: batches, copies together")
        relay.seconds = delay / 1_000
        address = relay.address() if delay else server.address("seraf")
        turns, several = [], list[dict[str, dict[str, float]]]()
        for number in range(counts.repeats):
            async with opened(address, load_key_file(key_file)) as store:
                await store.turns(taps(-300 * (number + 2) - int(100_000 * delay), 300))
                turns.append(await batches(store, counts, first=10_000 * (number + 1) + int(1_000_000 * delay)))
            several.append({str(copies): together(address, key_file, copies, counts.seconds) for copies in COPIES})
        name = f"{delay:g}"
        into["batches"][name] = {str(size): median(each[str(size)] for each in turns) for size in BATCHES}
        late = zip(*(each["late"] for each in turns), strict=True)
        into["batches"][name]["late"] = [round(median(each), 2) for each in late]
        into["copies"][name] = {
            copies: {what: median(each[copies][what] for each in several) for what in several[0][copies]}
            for copies in several[0]
        }


async def measured(counts: Counts) -> dict[str, Any]:
    """Return every figure."""
    found: dict[str, Any] = {"batches": {}, "copies": {}, "size": {}}
    with cluster(*ORDINARY) as server, tempfile.TemporaryDirectory() as folder:
        key_file = Path(folder) / "seraf.key"
        keys = create_key_file(key_file)
        server.run("CREATE DATABASE alone")
        server.run("CREATE DATABASE seraf")
        CONSOLE.print("copies that nobody uses")
        found["log"] = {"idle": await idle(server.address("seraf"), counts, key_file)}
        CONSOLE.print("a tap alone")
        found |= await alone(server.address("alone"), counts)
        with relayed(server.folder) as relay:
            async with opened(relay.address(), keys) as store:
                await store.turns(taps(-300, 300))
                found["trips"] = await trips(store, relay)
            await store_and_copies(server, relay, key_file, counts, into=found)
            CONSOLE.print("the log")
            found["log"] |= await logged(server.address("seraf"), key_file)
            for people in SIZES:
                CONSOLE.print(f"{people:,} people")
                server.run(f"CREATE DATABASE of_{people}")
                found["size"][str(people)] = await of_size(server.address(f"of_{people}"), people, relay)
        CONSOLE.print("the copy that leads is killed")
        found["failover"] = await lost(server.address("seraf"), key_file, counts.lost)
        CONSOLE.print("a standby is promoted")
        found["failover"] |= await promoted(server)
    return found


def _machine() -> str:
    words = subprocess.run(
        [str(demand_programs() / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout.split()
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, PostgreSQL {words[2]}"


def main(arguments: Sequence[str]) -> None:
    """Measure everything and print it, or be one copy."""
    if arguments[:1] == ["--copy"]:
        asyncio.run(as_copy(arguments[1], Path(arguments[2]), arguments[3], float(arguments[4])))
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="keep the figures, and write the table of docs/speed.md")
    parser.add_argument("--quick", action="store_true", help="try everything with few counts")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    machine = f"{_machine()}, load {os.getloadavg()[0]:.0f}{', few counts' if asked.quick else ''}"
    found = {"machine": machine} | asyncio.run(measured(QUICK if asked.quick else WHOLE))
    json.dump(found, sys.stdout, indent=1)
    CONSOLE.print(f"\n{time.monotonic() - began:.0f} s")
    if asked.write:
        save(found)


if __name__ == "__main__":
    main(sys.argv[1:])
