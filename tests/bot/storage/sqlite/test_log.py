"""Tests of the write-ahead log: it is empty before an erasure is confirmed, and is not moved while another writes."""

import asyncio
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreUnavailable
from bot.storage.sqlite import database_file, transaction
from bot.storage.sqlite.database_file import open_database, open_read_only
from bot.storage.sqlite.examining import copied_to_memory, image, loaded, look_at_audit
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.sqlite.transaction import LogLock, clear_log, log_bytes, transact
from bot.storage.store import Store
from bot.storage.values import Decide, Done, Reminder, Shared
from bot.trail.audit import AuditEvent, AuditLook, look_at
from bot.trail.chain import Entry, Head, Trail
from tests.support.counts import times
from tests.support.store.builders import ADA, NOON, ask, bringing, changed, coming, event, one, record_of, tap

KEYS = KeyRing.fresh()
LONG = "a" * 20_000
FAR = NOON + timedelta(days=400)

DESK = """
import sys
from pathlib import Path
from bot.storage.sqlite.database_file import open_database
from bot.storage.sqlite.transaction import transact

database, name = open_database(Path(sys.argv[1])), sys.argv[2]
for number in range(100_000):
    def work(begun):
        begun.execute("INSERT INTO inbound (mark, at) VALUES (?, ?)", (f"{name}:{number}".encode(), number))
        if len(sys.argv) > 3:
            print("within", flush=True)
            sys.stdin.readline()
    transact(database, work)
    print(number, flush=True)
"""


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    opened = await open_sqlite(path, KEYS)
    await opened.turns([event("k1", tap(LONG))])
    yield opened
    await opened.close()


@contextmanager
def desk(path: Path, name: str = "desk", *, waits: bool = False) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", DESK, str(path), name, *(["waits"] if waits else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def pieces(path: Path) -> list[bytes]:
    (row,) = ask(path, "SELECT body, wrapped FROM cases JOIN case_keys ON key = id")
    assert isinstance(row, tuple)
    body, wrapped = row
    return [*(body[start : start + 64] for start in range(0, len(body) - 64, 64)), wrapped[:64]]


def left(path: Path, canaries: list[bytes]) -> int:
    files = [each.read_bytes() for each in path.parent.iterdir() if each.name.startswith(path.name)]
    return sum(any(canary in file for file in files) for canary in canaries)


def everything(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.parent.iterdir()}


async def test_an_erased_case_is_in_no_file_when_the_turn_returns(path: Path, store: Store) -> None:
    canaries = pieces(path)
    assert left(path, canaries) > 200  # some lie across the borders of pages

    assert isinstance(await one(store, event("k2", tap(None))), Done)

    assert left(path, canaries) == 0
    assert log_bytes(path) == 0
    assert await store.is_gone(seconds=0)


ROOM, REMINDER = Shared("ROOM2345", "text", FAR, (ADA,)), Reminder(ADA, "BRISK OTTER 41", FAR)


@pytest.mark.parametrize(
    ("row", "comes", "goes"),
    [
        ("wrapped FROM case_keys", changed(), tap(None)),
        ("body FROM tickets", changed(), bringing(spends=True)),
        ("body FROM reminders", bringing(reminder=REMINDER), bringing(forgets=ADA)),
        ("body FROM rooms", bringing(shares=ROOM), bringing(ends=ROOM.name)),
        ("body FROM rehearsals", changed(rehearsal="text"), changed(rehearsal="")),
        ("body FROM standings", changed(access="in" * 100), changed(access="out")),
    ],
)
async def test_deleted_values_are_in_no_file_when_the_turn_returns(
    path: Path, store: Store, row: str, comes: Decide, goes: Decide
) -> None:
    await store.write(lambda t: t.invitation_codes.issue("code", "opens", until=FAR))
    await store.turns([event("k2", comes)])
    (sealed,) = ask(path, f"SELECT {row}")
    assert isinstance(sealed, bytes)
    assert left(path, [sealed]) == 1

    assert isinstance(await one(store, coming("k3", "code", lambda _: goes)), Done)

    assert left(path, [sealed]) == 0


async def test_an_erasure_is_pending_while_somebody_reads(path: Path, store: Store) -> None:
    canaries = pieces(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM people").fetchone()

        await store.turns([event("k2", tap(None))])

        assert left(path, canaries) > 0
        assert not await store.is_gone(seconds=0.2)
        await store.turns([event("k3", tap(None, active=None))])
        assert not await store.is_gone(seconds=0)
        await store.scrub()
        assert not await store.is_gone(seconds=0)
    assert await store.is_gone(seconds=5)
    assert left(path, canaries) == 0


async def test_verifying_the_audit_does_not_block_emptying_the_log(
    path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verification reads a copy. Otherwise the log would grow, and people would wait until it could be emptied."""
    await store.write(lambda t: t.audit.append([Entry(NOON, "operator", AuditEvent.INVITED)] * 3))
    cleared = list[bool]()

    def look(keys: KeyRing, trail: Trail, *, anchor: Head | None = None) -> AuditLook:
        with closing(open_database(path)) as other:
            transact(other, lambda begun: begun.execute("INSERT INTO inbound (mark, at) VALUES (x'00', 1)"))
            cleared.append(clear_log(other))
        return look_at(keys, trail, anchor=anchor)

    monkeypatch.setattr("bot.storage.sqlite.examining.look_at", look)
    found = await look_at_audit(store, KEYS)

    assert (found.faults, found.entries) == ((), 3)
    assert cleared == [True]


async def test_a_later_turn_completes_the_erasure(path: Path, store: Store) -> None:
    canaries = pieces(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM people").fetchone()
        await store.turns([event("k2", tap(None))])

    await store.write(lambda t: t.editions.keep("fingerprint", b"instrument"))

    assert left(path, canaries) == 0


async def test_a_start_completes_the_erasure_of_a_killed_process(path: Path, store: Store, tmp_path: Path) -> None:
    canaries = pieces(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM people").fetchone()
        await store.turns([event("k2", tap(None))])
        there = tmp_path / "killed" / path.name
        there.parent.mkdir(mode=0o700)
        for ending in ("", "-wal"):
            there.with_name(there.name + ending).write_bytes(path.with_name(path.name + ending).read_bytes())
    assert left(there, canaries) > 0

    again = await open_sqlite(there, KEYS)

    assert await again.is_gone(seconds=0)
    assert left(there, canaries) == 0
    assert (await record_of(again, "telegram:1")).case is None
    await again.close()


async def test_a_start_during_a_read_leaves_the_erasure_of_a_killed_process_pending(
    path: Path, store: Store, tmp_path: Path
) -> None:
    canaries = pieces(path)
    there = tmp_path / "killed" / path.name
    there.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(path, isolation_level=None)) as held:
        held.execute("BEGIN")
        held.execute("SELECT count(*) FROM people").fetchone()
        await store.turns([event("k2", tap(None))])
        for ending in ("", "-wal"):
            there.with_name(there.name + ending).write_bytes(path.with_name(path.name + ending).read_bytes())

    with closing(sqlite3.connect(there, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM people").fetchone()
        again = await open_sqlite(there, KEYS, busy_milliseconds=0)
        assert not await again.is_gone(seconds=0)
    assert await again.is_gone(seconds=5)
    assert left(there, canaries) == 0
    await again.close()


async def test_the_log_is_not_moved_while_another_program_writes(path: Path, store: Store) -> None:
    """SQLite itself would move the log. The bot's lock prevents this, because older releases of SQLite have a fault."""
    with desk(path, waits=True) as process:
        assert said(process) == "within"

        assert log_bytes(path)
        mover = LogLock(path)
        with mover.held(0.1, is_shared=False) as is_alone:
            assert not is_alone
        mover.close()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            (is_busy, in_log, moved) = other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        assert (is_busy, moved) == (0, in_log)

        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
        assert said(process) == "0"


async def test_nobody_writes_while_the_log_is_moved(path: Path, store: Store) -> None:
    mover = LogLock(path)
    with closing(open_database(path)) as database, mover.held(0, is_shared=False) as is_alone:
        assert is_alone
        database.patience = 0
        with pytest.raises(StoreUnavailable, match="held the log"):
            transact(database, lambda begun: begun.execute("DELETE FROM inbound"))
        with desk(path) as process:
            await asyncio.sleep(0.5)
            assert process.poll() is None
            assert ask(path, "SELECT count(*) FROM inbound WHERE at = 0") == [0]
    with desk(path) as process:
        assert said(process) == "0"
    mover.close()


async def test_a_second_opening_in_the_same_program_leaves_the_log_its_owner(path: Path, store: Store) -> None:
    """Opening and closing the file without SQLite drops SQLite's locks; another program then deletes the log."""
    with closing(open_database(path)), closing(open_read_only(path)), closing(copied_to_memory(path)):
        pass
    inode = path.with_name(f"{path.name}-wal").stat().st_ino

    with desk(path) as process:
        assert said(process) == "0"
        process.send_signal(signal.SIGTERM)
    opens = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM meta').fetchone(); c.close()"
    )
    await asyncio.to_thread(partial(subprocess.run, [sys.executable, "-c", opens, str(path)], check=True))

    assert path.with_name(f"{path.name}-wal").stat().st_ino == inode
    assert log_bytes(path)


async def test_nothing_acknowledged_is_lost_between_programs_that_write_and_are_killed(
    path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "LONGEST", 5)
    acknowledged, turns = {}, 0
    for round_ in range(times(60, 4)):
        names = (f"one {round_}", f"two {round_}")
        with desk(path, names[0]) as one_desk, desk(path, names[1]) as other_desk:
            for process, name in ((one_desk, names[0]), (other_desk, names[1])):
                acknowledged[name] = int(said(process))
            until = time.monotonic() + 0.4
            while time.monotonic() < until:
                turns += 1
                await store.turns([event(f"t{turns}", tap(LONG if turns % 9 else None))])
                await asyncio.sleep(0)
            for process, name in ((one_desk, names[0]), (other_desk, names[1])):
                process.send_signal(signal.SIGKILL)
                assert process.stdout is not None
                whole = [line for line in process.stdout if line.endswith("\n")]
                acknowledged[name] = int(whole[-1]) if whole else acknowledged[name]
    await store.close()

    for name, last in acknowledged.items():
        (kept,) = ask(path, f"SELECT max(at) FROM inbound WHERE CAST(mark AS TEXT) GLOB '{name}:*'")
        assert isinstance(kept, int)
        assert last <= kept <= last + 1
        assert ask(path, f"SELECT count(*) FROM inbound WHERE CAST(mark AS TEXT) GLOB '{name}:*'") == [kept + 1]
    assert ask(path, "SELECT card FROM people") == [1 + turns]
    assert ask(path, "PRAGMA integrity_check") == ["ok"]


async def test_a_look_at_a_store_that_nobody_runs_leaves_nothing(path: Path, store: Store) -> None:
    await store.close()
    before = everything(path)

    with closing(open_read_only(path)) as looking:
        assert looking.execute("SELECT count(*) FROM people").fetchone() == (1,)

    assert everything(path) == before


async def test_a_look_reads_the_log_of_a_killed_bot_and_leaves_it(path: Path, store: Store, tmp_path: Path) -> None:
    there = tmp_path / "killed" / path.name
    there.parent.mkdir(mode=0o700)
    await store.turns([event("k2", tap("b"))])
    for ending in ("", "-wal"):
        there.with_name(there.name + ending).write_bytes(path.with_name(path.name + ending).read_bytes())
    log = there.with_name(f"{there.name}-wal").read_bytes()

    with closing(open_read_only(there)) as looking:
        assert looking.execute("SELECT card FROM people").fetchone() == (2,)

    assert there.with_name(f"{there.name}-wal").read_bytes() == log


async def test_a_copy_includes_the_log_and_opens_alone(path: Path, store: Store) -> None:
    """A copy that did not include the log would make SQLite look for one next to the copy."""
    with closing(copied_to_memory(path)) as copy:
        content = image(copy)

    with closing(loaded(content)) as opened:
        assert opened.execute("SELECT card FROM people").fetchone() == (1,)
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_the_log_is_moved_now_and_then(path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "LONGEST", 20)

    for number in range(300):
        await store.turns([event(f"t{number}", tap(f"{number}"))])

    length = log_bytes(path)
    assert length is not None
    assert length < 2_000_000


def test_every_write_takes_the_lock() -> None:
    folder = Path(transaction.__file__).parents[2]
    found = {
        (file.name, word)
        for file in folder.rglob("*.py")
        if file.name != "database_file.py" and file.parent.name != "postgres"  # a new one in memory; another database
        for word in re.findall(r"BEGIN IMMEDIATE|\"VACUUM|wal_checkpoint\(\w+\)", file.read_text("utf-8"))
    }

    assert found == {
        ("transaction.py", "BEGIN IMMEDIATE"),
        ("transaction.py", '"VACUUM'),
        ("transaction.py", "wal_checkpoint(TRUNCATE)"),
        ("transaction.py", "wal_checkpoint(PASSIVE)"),
    }
    assert ("wal_autocheckpoint", "0", 0) in database_file.PRAGMAS


def test_a_database_in_memory_has_no_log() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        assert clear_log(database)
