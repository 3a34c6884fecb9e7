"""Promise P14: on a full disk exactly what was acknowledged is stored, and the store works again once there is space.

`SERAF_PROVE=full` tries five hundred sizes of the disk; other runs try twenty.
"""

import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.runtime.errors import StoreFault
from bot.storage.sqlite import transaction
from bot.storage.sqlite.connection import Connection
from bot.storage.sqlite.opening import open_connection
from bot.storage.sqlite.preparing import prepare
from bot.storage.store import Store
from bot.storage.values import Done, Inbound
from tests.support.counts import IS_FULL
from tests.support.memory_disk import MEMORY, has_room
from tests.support.promising import Promise
from tests.support.store.builders import ADA, KEYS, LIVE, NOON, ask, event, record_of, tap

pytestmark = pytest.mark.prove

PROVE = IS_FULL
SIZES = range(500) if PROVE else range(0, 60, 3)
FURTHER_BYTES = range(0, 400_000, 800 if PROVE else 20_000)
ROOM = 2**30


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    with TemporaryDirectory(dir=MEMORY if has_room(MEMORY) else tmp_path) as folder:
        yield Path(folder) / "store.db"


@pytest.fixture
async def connection(path: Path) -> AsyncIterator[Connection]:
    opened = await open_connection(path, partial(prepare, KEYS))
    yield opened
    await opened.close()


@pytest.fixture
async def store(connection: Connection) -> Store:
    return Store(connection, KEYS)


async def bound(connection: Connection, *, further_pages: int) -> None:
    used = await connection.read(lambda session: session.execute("PRAGMA page_count").fetchone()[0])
    await connection.read(lambda session: session.execute(f"PRAGMA max_page_count = {used + further_pages}").fetchone())


def size_of(path: Path) -> int:
    return path.stat().st_size


@contextmanager
def small_disk(limit: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def batch(number: int) -> list[Inbound]:
    person = f"telegram:{number}"
    return [
        event(f"{number}:{turn}", tap(f"{number}:{turn}:" + "x" * 8_000 * turn), person=person) for turn in range(3)
    ]


async def fill(store: Store) -> int:
    for number in range(10_000):
        try:
            await store.turns(batch(number))
        except StoreFault as full:
            assert "Make room" in str(full)  # noqa: PT017 - each of many faults is looked at
            return number
    raise AssertionError("the disk never filled")


async def demand_honest(store: Store, acknowledged: int) -> None:
    for number in range(acknowledged):
        record = await record_of(store, f"telegram:{number}")
        assert (record.card, str(record.case)[:4]) == (3, f"{number}:2:"[:4])
    assert await store.recall(f"telegram:{acknowledged}") is None


@pytest.mark.parametrize("further_pages", SIZES)
async def test_a_full_disk_keeps_what_it_acknowledged(
    path: Path, connection: Connection, store: Store, further_pages: int, promise: Promise
) -> None:
    await bound(connection, further_pages=further_pages)

    acknowledged = await fill(store)

    await demand_honest(store, acknowledged)
    await bound(connection, further_pages=ROOM)
    outcomes = await store.turns(batch(acknowledged))
    assert [type(outcome) for outcome in outcomes] == [Done] * 3
    assert ask(path, "PRAGMA integrity_check", "PRAGMA foreign_key_check") == ["ok"]
    promise.reached("P14", asked=1, reached=1, of="sizes of a full disk")


@pytest.mark.parametrize("further_bytes", FURTHER_BYTES)
async def test_a_disk_that_fails_to_write_keeps_what_it_acknowledged(
    path: Path, store: Store, further_bytes: int, promise: Promise
) -> None:
    """While it writes a page, SQLite reports a full disk as “disk I/O error”."""
    with small_disk(size_of(path) + further_bytes):
        acknowledged = await fill(store)

        await demand_honest(store, acknowledged)

    outcomes = await store.turns(batch(acknowledged))
    assert [type(outcome) for outcome in outcomes] == [Done] * 3
    assert ask(path, "PRAGMA integrity_check", "PRAGMA foreign_key_check") == ["ok"]
    promise.reached("P14", asked=1, reached=1, of="sizes at which a file cannot grow")


@pytest.mark.parametrize(("room", "is_short"), [(2**60, True), (0, False)])
async def test_the_log_is_kept_short_while_the_disk_is_low(
    path: Path, store: Store, monkeypatch: pytest.MonkeyPatch, room: int, *, is_short: bool
) -> None:
    """A long log would take up the space that the disk still has."""
    monkeypatch.setattr(transaction, "LOW", room)

    for number in range(30):
        await store.turns(batch(number))

    longest = transaction.SHORT + 100_000
    assert (size_of(Path(f"{path}-wal")) <= longest) is is_short


async def test_a_failed_erasure_is_not_reported_as_done(store: Store, promise: Promise) -> None:
    await store.turns([event("k1", tap("a" * 20_000))])
    erase = [event("k2", tap(None))]

    with small_disk(512), pytest.raises(StoreFault, match="Make room"):
        await store.turns(erase)

    assert (await record_of(store, ADA)).case == "a" * 20_000
    (erased,) = await store.turns(erase)
    assert isinstance(erased, Done)
    assert (await record_of(store, ADA)).case is None
    promise.reached("P14", asked=1, reached=1, of="erasures not said to be done")


async def test_a_card_that_could_not_be_remembered_is_still_stale(store: Store) -> None:
    await store.turns([event("k1", tap())])

    with small_disk(512), pytest.raises(StoreFault, match="Make room"):
        await store.show(ADA, LIVE)

    assert await store.read(lambda t: t.people.stale(NOON)) == (ADA,)
