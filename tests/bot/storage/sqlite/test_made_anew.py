"""The file is made anew while the one that has it goes on: nothing that was acknowledged is lost, no old byte is left."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest

from bot.crypto.keys import Keychain, load_key_file, replace_key_file, successor
from bot.runtime.errors import StoreClosed, StoreFault, StoreUnavailable
from bot.runtime.files import make_durable
from bot.storage.sqlite.database import made_anew
from bot.storage.sqlite.database.copying import copied_to_memory, row_counts
from bot.storage.sqlite.database.database_file import open_database, open_read_only, open_to_copy
from bot.storage.sqlite.database.log_lock import log_lock_file
from bot.storage.sqlite.database.made_anew import make_anew
from bot.storage.sqlite.database.making import AsItIs, pack
from bot.storage.sqlite.database.shared_lock import Presence, presence_file
from bot.storage.sqlite.database.store_files import traces, unfinished
from bot.storage.sqlite.database.transaction import transact
from bot.storage.sqlite.database.write_ahead import Database
from bot.storage.sqlite.database.written_meanwhile import WrittenMeanwhile, WrittenRow, primary_keys
from bot.storage.sqlite.resealing import open_everything
from bot.storage.sqlite.store import SqliteStore
from bot.storage.store import Done
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.as_bot import as_bot, rotated
from tests.support.store.builders import ask
from tests.support.store.keeping import Keep, erase, person, put
from tests.support.store.tapping import tap_until

LOCKS = {"seraf.sqlite.log.lock", "seraf.sqlite.open.lock", "seraf.sqlite.lock"}


@pytest.fixture
async def keep(tmp_path: Path) -> Keep:
    """A store with something of every kind."""
    keep = Keep.made(tmp_path / "var")
    await keep.fill()
    return keep


@pytest.fixture
async def store(keep: Keep) -> AsyncIterator[SqliteStore]:
    """The same, opened."""
    opened = await keep.opened()
    yield opened
    await opened.close()


class Meanwhile(AsItIs):
    """Makes the file as it is, and does something once it is filled: what it does is missing in it then."""

    def __init__(self, do: Callable[[], object]) -> None:
        self._do = do

    def fill(self, old: sqlite3.Connection, store: Path, stops: Event) -> None:
        """Fill it, then do that."""
        super().fill(old, store, stops)
        self._do()


async def anew(store: SqliteStore, meanwhile: Callable[[], object] = bool) -> None:
    """Have the store make its file anew, and do something meanwhile."""
    await store._connection.make_anew(Meanwhile(meanwhile))  # noqa: SLF001 - in the midst of what `scrub` does


def beside(keep: Keep) -> set[str]:
    """What lies beside the store, but for locks."""
    return {each.name for each in keep.folder.iterdir()} - LOCKS - {"seraf.key", "seraf.sqlite", "backups"}


def left(keep: Keep, word: str) -> int:
    """In how many files of the folder a word is."""
    return sum(word.encode() in each.read_bytes() for each in keep.folder.iterdir() if each.is_file())


def descriptors() -> int:
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def on_loop(work: Any) -> Any:
    """From another thread, have this done by the test's own loop."""
    return asyncio.run_coroutine_threadsafe(work, LOOP[0]).result(20)


LOOP: list[asyncio.AbstractEventLoop] = []


@pytest.fixture(autouse=True)
async def loop() -> None:
    """Know the test's own loop."""
    LOOP[:] = [asyncio.get_running_loop()]


@pytest.mark.prove
async def test_whoever_taps_while_the_file_is_made_anew_loses_nothing(tmp_path: Path, promise: Promise) -> None:
    """Somebody taps, and the file is made anew again and again, by turns under new keys."""
    keep = Keep.made(tmp_path / "var")
    store, over = await keep.opened(), asyncio.Event()
    await store.turns([put(number, f"word {number}") for number in range(1, 4)])
    tapping, rounds = asyncio.create_task(tap_until(store, over)), times(100, 4)

    for number in range(rounds):
        await (store.scrub() if number % 4 != 3 else rotated(keep, store))
    over.set()
    taps = await tapping

    recalled = await store.recall(person(0))
    assert recalled is not None
    assert not await store.verify()
    assert await store.examine() == ()
    await store.close()
    assert recalled[0].card == taps > rounds
    assert beside(keep) == set()
    promise.reached("P17", asked=rounds, reached=rounds, of="files made anew beside somebody who taps")


async def test_what_is_written_meanwhile_is_in_the_new_file(keep: Keep, store: SqliteStore) -> None:
    """Written, written once more and erased; and the old file is another."""
    before = keep.store.stat().st_ino

    def meanwhile() -> None:
        """Have somebody write, and somebody erase."""
        on_loop(store.turns([put(1, "meanwhile", key="meanwhile"), erase(2)]))
        on_loop(store.turns([put(5, "new", key="new")]))

    await anew(store, meanwhile)

    assert keep.store.stat().st_ino != before
    found = [await store.recall(person(number)) for number in (0, 1, 2, 5)]
    assert [each[0].case for each in found if each] == ["case word 0", "case meanwhile", None, "case new"]
    assert not await store.verify()
    assert isinstance((await store.turns([put(0, "after", key="after")]))[0], Done)
    assert beside(keep) <= {"seraf.sqlite-wal", "seraf.sqlite-shm"}


async def test_rows_of_every_table_come_along_under_new_keys(
    keep: Keep, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that a store keeps is written while the keys are changed: what came, what was changed and what went."""
    old = load_key_file(keep.key_file)
    new = successor(old)
    replace_key_file(keep.key_file, Keychain(old, new))

    async def everything_again() -> None:
        """What `fill` writes, for more people; and one case goes."""
        await store.turns([put(number, f"late {number}", key="late") for number in range(1, 5)])
        await store.turns([erase(0)])

    def pack_then_write(database: sqlite3.Connection, place: Path) -> None:
        """Pack it, and then write."""
        pack(database, place)
        on_loop(everything_again())

    monkeypatch.setattr("bot.storage.sqlite.under_new_keys.pack", pack_then_write)
    numbers = await store.writes()
    await store.change_keys(old, new)

    assert await store.own_key() == new.id
    assert await store.writes() > numbers
    assert not await store.verify()
    assert await store.examine() == ()
    found = [await store.recall(person(number)) for number in range(5)]
    cases = [each is not None and each[0].case for each in found]
    assert cases == [None, "case late 1", "case late 2", "case late 3", "case late 4"]
    await store.close()
    with copied_to_memory(keep.store) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        orphans = "SELECT count(*) FROM cases WHERE key NOT IN (SELECT id FROM case_keys)"
        assert database.execute(orphans).fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM case_keys").fetchone() == (4,)
        assert open_everything(database, old).opened == 0


async def test_no_old_byte_is_left_of_what_went(keep: Keep, store: SqliteStore) -> None:
    """Neither of what was deleted before, nor of what came and went while the file was made."""
    word = "event of nobody"

    def come(begun: sqlite3.Connection) -> None:
        """Long rows, so that there are many pages."""
        rows = ((f"x{n}".encode(), f"{word} {n}" * 40) for n in range(200))
        begun.executemany("INSERT INTO inbound VALUES (?, 0, ?)", rows)

    def go(begun: sqlite3.Connection) -> None:
        begun.execute("DELETE FROM inbound WHERE CAST(mark AS TEXT) LIKE 'x%'")

    def meanwhile() -> None:
        for step in (go, come, go):
            on_loop(store._connection._connection.write(step))  # noqa: SLF001 - rows without a person

    await store._connection._connection.write(come)  # noqa: SLF001
    await anew(store, meanwhile)

    await store.turns([erase(1)])
    assert await store.is_gone(seconds=1)
    assert left(keep, word) == 0


async def test_nothing_is_gone_while_a_file_is_made(keep: Keep, store: SqliteStore) -> None:
    """It may be in that one, until that has taken the place."""
    gone = list[bool]()

    def meanwhile() -> None:
        on_loop(store.turns([erase(1)]))
        gone.append(on_loop(store.is_gone(seconds=0.2)))

    with copied_to_memory(keep.store) as database:
        keys = [wrapped for (wrapped,) in database.execute("SELECT wrapped FROM case_keys")]
    await anew(store, meanwhile)

    assert gone == [False]
    assert await store.is_gone(seconds=1)
    with copied_to_memory(keep.store) as database:
        kept = [wrapped for (wrapped,) in database.execute("SELECT wrapped FROM case_keys")]
    erased = [each for each in keys if each not in kept]
    assert len(erased) == 1
    assert sum(erased[0] in each.read_bytes() for each in keep.folder.iterdir() if each.is_file()) == 0


@pytest.mark.parametrize("opener", [open_database, open_read_only, open_to_copy])
async def test_who_has_the_database_open_keeps_the_old_file(
    keep: Keep, store: SqliteStore, monkeypatch: pytest.MonkeyPatch, opener: Callable[[Path], sqlite3.Connection]
) -> None:
    """Whoever it is, and whether they do anything; once they have ended the file is made anew."""
    monkeypatch.setattr(made_anew, "PATIENCE", 0.05)
    before = keep.store.stat().st_ino
    with closing(opener(keep.store)), pytest.raises(StoreUnavailable, match="has the database open"):
        await store.scrub()
    assert keep.store.stat().st_ino == before
    await store.scrub()
    assert keep.store.stat().st_ino != before


async def test_a_program_that_opens_the_database_meanwhile_waits(keep: Keep, store: SqliteStore) -> None:
    """Not before the file is in place is it opened; and then it is the new one."""
    opened, threads = list[int](), list[Thread]()

    def look() -> None:
        with closing(open_database(keep.store)):
            opened.append(keep.store.stat().st_ino)

    def meanwhile() -> None:
        threads.append(Thread(target=look))
        threads[0].start()
        threads[0].join(0.2)
        assert opened == []

    await anew(store, meanwhile)
    await asyncio.to_thread(threads[0].join, 10)
    assert opened == [keep.store.stat().st_ino]


@pytest.mark.parametrize("is_lock_there", [True, False])
async def test_what_somebody_else_wrote_meanwhile_keeps_the_old_file(
    keep: Keep, store: SqliteStore, *, is_lock_there: bool
) -> None:
    """The command line of SQLite knows no locks of ours; nor does a command where somebody took their file away."""
    before = keep.store.stat().st_ino

    def meanwhile() -> None:
        """Change one row, so that there are as many as before."""
        if is_lock_there:
            with closing(sqlite3.connect(keep.store)) as other, other:
                other.execute("UPDATE meta SET polled = 7")
        else:
            presence_file(keep.store).unlink()
            with closing(open_database(keep.store)) as ours:
                transact(ours, lambda begun: begun.execute("UPDATE meta SET polled = 7"))

    with pytest.raises(StoreFault):
        await anew(store, meanwhile)

    assert keep.store.stat().st_ino == before
    assert ask(keep.store, "SELECT polled FROM meta") == [7]
    assert isinstance((await store.turns([put(0, "after", key="after")]))[0], Done)


async def test_a_foreign_reader_keeps_the_old_file(keep: Keep, store: SqliteStore) -> None:
    """SQLite itself knows of it. People go on, and the file is made anew once it has ended."""
    before = keep.store.stat().st_ino
    with closing(sqlite3.connect(keep.store)) as foreign:
        foreign.execute("SELECT count(*) FROM people").fetchone()
        with pytest.raises(StoreUnavailable, match="has the database open"):
            await store.scrub()
        assert isinstance((await store.turns([put(0, "after", key="after")]))[0], Done)
        assert keep.store.stat().st_ino == before
    await store.scrub()
    assert keep.store.stat().st_ino != before
    recalled = await store.recall(person(0))
    assert recalled is not None
    assert recalled[0].case == "case after"


@pytest.mark.parametrize("step", ["rename", "fsync"])
async def test_a_disk_that_refuses_leaves_the_old_file(
    keep: Keep, store: SqliteStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """People go on, nothing is left beside it, and the next run makes it."""

    def refuse(*_: object) -> object:
        raise OSError(5, "Input/output error")

    before = keep.store.stat().st_ino
    with monkeypatch.context() as patch:
        patch.setattr(Path if step == "rename" else os, step, refuse)
        with pytest.raises(StoreFault, match="Input/output error"):
            await store.scrub()
    assert keep.store.stat().st_ino == before
    assert not unfinished(keep.store).exists()
    assert await store.is_gone(seconds=1)
    assert isinstance((await store.turns([put(0, "after", key="after")]))[0], Done)
    await store.scrub()
    assert keep.store.stat().st_ino != before
    recalled = await store.recall(person(0))
    assert recalled is not None
    assert recalled[0].case == "case after"
    assert not await store.verify()


async def test_what_sqlite_holds_of_the_old_file_is_let_go_of(
    keep: Keep, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However far it came when the disk failed, the next turn finds the file free."""
    plain = made_anew._have_alone  # noqa: SLF001 - what it holds is to be let go of

    def refuse(own: Database) -> None:
        """Fail once all is held."""
        plain(own)
        raise StoreUnavailable("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(made_anew, "_have_alone", refuse)
        with pytest.raises(StoreUnavailable, match="The disk is full"):
            await store.scrub()
    assert isinstance((await store.turns([put(0, "after", key="after")]))[0], Done)
    await store.scrub()
    assert not await store.verify()


@pytest.mark.parametrize("is_ours", [True, False])
async def test_nobody_writes_between_the_last_row_and_the_change_of_names(
    keep: Keep, store: SqliteStore, monkeypatch: pytest.MonkeyPatch, *, is_ours: bool
) -> None:
    """Neither a command of ours, or of the release before, where somebody took a lock's file away; nor SQLite's own tool."""
    refused, opened, seen = list[str](), list[Database](), list[Path]()

    def write() -> None:
        """Try to write, as whoever it is."""
        try:
            if is_ours:
                opened[0].patience = 0
                transact(opened[0], lambda begun: begun.execute("UPDATE meta SET polled = 7"))
            else:
                with closing(sqlite3.connect(keep.store, timeout=0)) as other, other:
                    other.execute("UPDATE meta SET polled = 7")
        except (sqlite3.OperationalError, StoreFault) as error:
            refused.append(str(error))

    def durable(path: Path) -> None:
        """Make it durable, and try to write where it is the last time before the change."""
        make_durable(path)
        seen.append(path)
        if len(seen) == 2:
            write()

    def meanwhile() -> None:
        """Somebody takes the file of the lock away; a command that comes then knows nothing of the making."""
        presence_file(keep.store).unlink()
        if is_ours:
            opened.append(open_database(keep.store))

    monkeypatch.setattr(made_anew, "make_durable", durable)
    if is_ours:  # what it opened is not there to be taken by the new one's name
        monkeypatch.setattr("bot.storage.sqlite.database.database_file.take_unfinished_away", bool)
        with pytest.raises(StoreUnavailable, match="has the database open"):
            await anew(store, meanwhile)
        opened[0].close()
    else:
        await anew(store, meanwhile)

    assert seen[:2] == [unfinished(keep.store)] * 2
    assert len(refused) == 1
    assert ("held the log" if is_ours else "locked") in refused[0]
    assert isinstance((await store.turns([put(0, "after", key="after")]))[0], Done)


async def test_a_file_that_does_not_open_afterwards_is_opened_by_the_next_turn(
    keep: Keep, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that has no name any more is never written to."""

    def refuse(*_: object) -> object:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr("bot.storage.sqlite.database.database_file._opened", refuse)
        with pytest.raises(StoreFault, match="Too many open files"):
            await store.scrub()
        with pytest.raises(StoreFault, match="Too many open files"):
            await store.turns([put(0, "lost", key="lost")])
    assert isinstance((await store.turns([put(0, "after", key="after")]))[0], Done)
    await store.close()
    again = await keep.opened()
    recalled = await again.recall(person(0))
    assert recalled is not None
    assert recalled[0].case == "case after"
    assert not await again.verify()
    await again.close()


def test_what_a_killed_run_left_goes_with_the_next_opening(keep: Keep) -> None:
    """Before anything is said to be gone; who only looks takes nothing away."""
    for each in traces(unfinished(keep.store)):
        each.write_bytes(b"of a killed run")
    with closing(open_read_only(keep.store)):
        assert len(beside(keep)) == 4
    with closing(open_database(keep.store)):
        pass
    assert beside(keep) == set()


async def test_what_cannot_be_taken_away_is_not_gone(
    keep: Keep, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was given up may have what is erased later. It keeps nobody from working, and the next one takes it away."""

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        """Take nothing of the unfinished file away."""
        if path.name.startswith(".seraf.sqlite.new") and path.exists():
            raise OSError(5, "Input/output error")
        unlink(path, missing_ok=missing_ok)

    unlink = Path.unlink
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        patch.setattr(Path, "rename", lambda *_: int("no"))
        with pytest.raises(ValueError, match="no"):
            await store.scrub()
        await store.turns([erase(1)])
        assert not await store.is_gone(seconds=0.1)
        with closing(open_database(keep.store)):
            pass
    await store.scrub()
    assert await store.is_gone(seconds=1)


async def test_a_look_sees_that_the_file_is_another(store: SqliteStore) -> None:
    """Else what was committed just before would be taken for seen."""
    seen = {await store.changes()}
    for number in range(3):
        await store.scrub()
        seen.add(await store.changes())
        await store.turns([put(number, "more", key=f"more {number}")])
        seen.add(await store.changes())
    assert len(seen) == 7


async def test_who_stops_while_others_read_waits_for_nothing(keep: Keep, store: SqliteStore) -> None:
    """However long they would be waited for."""
    with closing(open_read_only(keep.store)):
        making = asyncio.create_task(store.scrub())
        await asyncio.sleep(0.1)
        began = monotonic()
        await store.close()
        assert monotonic() - began < 2
        with pytest.raises(StoreUnavailable, match="stopped"):
            await making


async def test_what_the_bot_reads_aside_waits_for_no_making(keep: Keep, store: SqliteStore) -> None:
    """The hourly count, and who is told of an ending, go on while the file is made anew."""
    seen = list[object]()

    def meanwhile() -> None:
        """Have the bot count all rows and read everybody."""
        began = monotonic()
        seen.append(on_loop(store.verify()))
        seen.append(len(on_loop(store.of_each(lambda record: record.person))))
        seen.append(monotonic() - began < 2)

    await anew(store, meanwhile)
    assert (bool(seen[0]), *seen[1:]) == (False, 3, True)


async def test_what_the_bot_reads_aside_is_waited_for_at_the_change(keep: Keep, store: SqliteStore) -> None:
    """It reads the old file to its end; what begins then reads the new one."""
    begun, go_on, order = Event(), Event(), list[str]()

    def slow(database: sqlite3.Connection) -> None:
        """Read until somebody lets it go on."""
        begun.set()
        go_on.wait(10)
        database.execute("SELECT count(*) FROM people").fetchone()
        order.append("read")

    connection = store._connection._connection  # noqa: SLF001 - a reading that lasts as long as the test wants
    reading = asyncio.create_task(connection.read_aside(slow))
    await asyncio.to_thread(begun.wait, 10)
    making = asyncio.create_task(store.scrub())
    making.add_done_callback(lambda _: order.append("made"))
    await asyncio.sleep(0.5)
    later = asyncio.create_task(connection.read_aside(lambda _: order.append("later")))
    await asyncio.sleep(0.1)
    assert order == []
    go_on.set()
    await asyncio.gather(reading, making, later)
    assert order.index("read") == 0
    assert sorted(order) == ["later", "made", "read"]


async def test_a_closed_store_makes_nothing_anew(keep: Keep, store: SqliteStore) -> None:
    """It says that it is closed; and to close it twice after its file was made anew leaves nobody's word behind."""
    await store.scrub()
    closing_it = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    closing_it.cancel()
    await asyncio.gather(closing_it, return_exceptions=True)
    await store.close()
    with pytest.raises(StoreClosed):
        await store.scrub()
    with closing(Presence(keep.store)) as presence, presence.alone(0) as is_alone:
        assert is_alone


async def test_who_stops_waits_for_nothing(keep: Keep, store: SqliteStore) -> None:
    """However long the making would take, the store is closed at once, and the old file stays."""
    begun, before = Event(), keep.store.stat().st_ino

    class Long(AsItIs):
        """Goes on for about a minute."""

        def fill(self, old: sqlite3.Connection, store: Path, stops: Event) -> None:
            """Count each row beside each other, again and again, without a WITH, which would be refused."""
            begun.set()
            old.execute(f"SELECT count(*) FROM {', '.join(f'main.sqlite_schema AS s{n}' for n in range(6))}").fetchone()

    making = asyncio.create_task(store._connection.make_anew(Long()))  # noqa: SLF001
    await asyncio.to_thread(begun.wait, 10)
    await asyncio.sleep(0.2)
    assert not making.done()

    began = monotonic()
    await store.close()

    assert monotonic() - began < 2
    with pytest.raises(StoreClosed, match="stopped"):
        await making
    assert keep.store.stat().st_ino == before
    assert beside(keep) == set()


async def test_who_gives_up_does_not_stop_it(keep: Keep, store: SqliteStore) -> None:
    """A making whose caller was cancelled goes on to its end; the next waits for it."""
    begun, go_on = Event(), Event()

    def meanwhile() -> None:
        begun.set()
        go_on.wait(10)

    before = keep.store.stat().st_ino
    making = asyncio.create_task(anew(store, meanwhile))
    await asyncio.to_thread(begun.wait, 10)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    after = asyncio.create_task(store.scrub())
    await asyncio.sleep(0.05)
    assert not after.done()
    go_on.set()
    await after
    assert keep.store.stat().st_ino != before
    assert isinstance((await store.turns([put(0, "after", key="after")]))[0], Done)


def test_without_room_nothing_is_begun(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would fill the disk on which people's answers are kept."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))  # noqa: SLF001
    with (
        closing(open_database(keep.store)) as database,
        pytest.raises(StoreUnavailable, match="no room for a new file"),
    ):
        make_anew(database, AsItIs())


def test_a_file_that_is_mounted_is_said_before_anything_is_done(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    """No other can take its place: the folder is to be mounted."""
    monkeypatch.setattr(made_anew, "is_mounted", lambda _: True)
    with closing(open_database(keep.store)) as database, pytest.raises(StoreFault, match="Mount its folder"):
        make_anew(database, AsItIs())


def test_a_store_behind_a_link_stays_behind_it(keep: Keep, tmp_path: Path) -> None:
    """The file at its end is made anew, not the link."""
    link = tmp_path / "link.sqlite"
    link.symlink_to(keep.store)
    before = keep.store.stat().st_ino
    with closing(open_database(link)) as database:
        make_anew(database, AsItIs())
    assert link.is_symlink()
    assert keep.store.stat().st_ino != before


def test_the_new_file_is_its_owners_alone(keep: Keep) -> None:
    """As the old one was, and as large or smaller; it says that it has a log, once somebody opens it."""
    with closing(open_database(keep.store)) as database:
        make_anew(database, AsItIs())
    assert keep.store.stat().st_mode & 0o777 == 0o600
    assert beside(keep) == set()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_root_makes_is_the_bots(keep: Keep) -> None:
    """A command that root runs leaves the bot its file."""
    for lock in (presence_file(keep.store), log_lock_file(keep.store)):
        lock.unlink(missing_ok=True)
    os.chown(keep.store, 12_345, 12_345)
    with closing(open_database(keep.store)) as database:
        make_anew(database, AsItIs())
    for each in (keep.store, presence_file(keep.store), log_lock_file(keep.store)):
        assert (each.stat().st_uid, each.stat().st_gid) == (12_345, 12_345)


async def test_rows_are_noted_by_the_keys_of_every_table(keep: Keep) -> None:
    """Every table of ours has a primary key of one column; each way of writing is noted, by old and by new name."""
    with closing(open_database(keep.store)) as database:
        tables = {name for name in row_counts(database) if not name.startswith("sqlite_")}
        assert set(primary_keys(database)) == tables
        written = WrittenMeanwhile()
        written.attach(database)
        for statement in (
            "INSERT INTO inbound VALUES ('a', 1, NULL)",
            "UPDATE inbound SET mark = 'b' WHERE mark = 'a'",
            "INSERT OR REPLACE INTO inbound VALUES ('b', 2, NULL)",
            "DELETE FROM inbound WHERE mark = 'b'",
        ):
            transact(database, lambda begun, statement=statement: begun.execute(statement))  # type: ignore[misc]
        assert set(written.take()) == {WrittenRow("inbound", "a"), WrittenRow("inbound", "b")}
        assert written.take() == ()
        written.detach(database)
        transact(database, lambda begun: begun.execute("INSERT INTO inbound VALUES ('c', 1, NULL)"))
        assert written.take() == ()


def test_a_table_of_somebody_else_keeps_nothing_up(keep: Keep) -> None:
    """Such as the one that SQLite's own tool for damaged files leaves: it is copied as it is."""
    with closing(sqlite3.connect(keep.store)) as other, other:
        other.execute('CREATE TABLE "lost and found" (a, b, PRIMARY KEY (a, b))')
        other.execute('INSERT INTO "lost and found" VALUES (1, 2)')
    with closing(open_database(keep.store)) as database:
        make_anew(database, AsItIs())
    assert ask(keep.store, 'SELECT b FROM "lost and found"') == [2]


async def test_making_it_again_and_again_leaks_nothing(keep: Keep, store: SqliteStore) -> None:
    """No file stays open, and no thread goes on."""
    await store.scrub()
    before = descriptors()
    for _ in range(10):
        await store.scrub()
    assert descriptors() == before


async def test_two_words_given_are_two(keep: Keep) -> None:
    """To be alone is refused while another has it open, and what was let go of for that is had again."""
    with ExitStack() as opened:
        one, two = (opened.enter_context(closing(Presence(keep.store))) for _ in range(2))
        assert one.enter(0)
        assert two.enter(0)
        with one.alone(0) as is_alone:
            assert not is_alone
        two.close()
        with one.alone(0) as is_alone:
            assert is_alone
        three = opened.enter_context(closing(Presence(keep.store)))
        assert three.enter(0)
        with three.alone(0) as is_alone:
            assert not is_alone


async def test_the_bot_takes_up_new_keys_by_itself(keep: Keep, store: SqliteStore) -> None:
    """Beside it a command only puts them there, and waits."""
    old = load_key_file(keep.key_file)
    async with as_bot(keep, store):
        replace_key_file(keep.key_file, Keychain(old, new := successor(old)))
        async with asyncio.timeout(10):
            while await store.own_key() != new.id:
                await asyncio.sleep(0.01)
    assert not await store.verify()
