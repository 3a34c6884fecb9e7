"""The whole database made anew in a file beside it, which then takes its place, while the one that has it open goes on.

`secure_delete` overwrites what is deleted, but not what SQLite left behind in a page when it moved rows to others: only a new
file has no old byte. It is filled from a copy of one time; the rows that were written meanwhile, which the connection notes, are
put after; and whoever writes waits for the last of them alone, and for the change of the files. See docs/adr/0076.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

from bot.runtime.errors import StoreClosed, StoreFault, StoreUnavailable
from bot.runtime.files import make_durable
from bot.storage.sqlite.database.copying import row_counts
from bot.storage.sqlite.database.making import Making, let_stop
from bot.storage.sqlite.database.migrate import version
from bot.storage.sqlite.database.own_triggers import refuse_foreign
from bot.storage.sqlite.database.store_files import is_mounted, real, take_unfinished_away, unfinished
from bot.storage.sqlite.database.transaction import UNWRITTEN, Work, consult, fault, primary_code, transact
from bot.storage.sqlite.database.write_ahead import Database, clear_log, log_bytes
from bot.storage.sqlite.database.written_meanwhile import WrittenMeanwhile, WrittenRow

PATIENCE, HARDLY = 10.0, 0.1
"""Seconds for which those are waited for who have the database open; and in the last moment, when everybody waits."""

FEW, ROUNDS = 200, 20
"""Rows that may still be missing when whoever writes has to wait for them; and in how many rounds there may be more."""

COPIES = 2.5
"""Times the size of the file that there has to be room for beside it: a copy, a new file, and some more."""

IN_A_NEW_FILE = (
    *("journal_mode = OFF", "synchronous = OFF", "secure_delete = ON"),
    *("foreign_keys = OFF", "trusted_schema = OFF", "temp_store = MEMORY"),
)
"""Nobody else has it yet: what fails is thrown away as a whole, and what is done is made durable so. Rows come one by one."""

READ = "Another program has the database open all the time. The file stays as it is; let that program end, then do this again."
BUSY = "So much is written just now that no new file could take the place of this one. It stays as it is; do this again when it is quieter."
STOPPED = "It was stopped before a new file could take the place of this one. The file stays as it is."
PLACED = (
    "The new file has taken the place of the old one, and the disk did not say that it keeps that. Look at the disk."
)
ODD = "The new file does not have all that the old one has. The file stays as it is; this is the bot's own fault. Please report it."

Hop = Callable[[Work[Any]], Any]
"""Has work done over the connection that has the database open, where it does all its own work, and gives what came of it."""


class Hops(NamedTuple):
    """How work is done over the connection that has the database open, among all its own work: any work, and the last of it, for
    which this process has no other connection.
    """

    any: Hop
    last: Hop


def make_anew(database: Database, making: Making, *, hops: Hops | None = None, stops: Event | None = None) -> None:
    """Make the file anew, and put it in the place of the old one. This connection has the old file then, and is of no more use.

    It has the store's lock, so that nobody else does this; and nobody else may have the database open meanwhile. Its own work
    goes on, by way of `hops`, where these are given. `StoreFault` where it could not be done, and then the old file stays.
    """
    stops, store, here = stops or Event(), real(database.path), partial(consult, database)
    hops = hops or Hops(here, here)
    assert database.presence is not None
    with database.presence.alone(PATIENCE, stops) as is_alone:
        if not is_alone:
            raise _told(StoreUnavailable(READ), stops)
        try:
            demand_possible(store)
            take_unfinished_away(store)
            _make(store, making, hops, stops)
        except (sqlite3.Error, OSError, StoreFault) as error:
            raise _told(error, stops) from None
        finally:
            with suppress(OSError):  # nothing is gone before whoever opens the store next takes it away
                take_unfinished_away(store)


def _make(store: Path, making: Making, hops: Hops, stops: Event) -> None:
    """Fill it, catch up, and put it in place."""
    place = unfinished(store)
    with _written(hops.any) as written, _reading(store, stops) as old:
        making.fill(old, store, stops)
        status = store.stat()
        if place.stat().st_uid != status.st_uid:  # made by root
            os.chown(place, status.st_uid, status.st_gid)
        with closing(_opened(place)) as new:
            _catch_up(old, new, making=making, moment=lambda: hops.any(lambda _: _moment(old, written)))
            old.close()
            make_durable(place)
            hops.any(clear_log)  # so that little is left to be moved while everybody waits
            hops.last(lambda own: _take_place(own, new, making=making, written=written))


def _told(error: Exception, stops: Event) -> Exception:
    """What went wrong, as it is told."""
    if stops.is_set():
        return StoreClosed(STOPPED)
    if isinstance(error, OSError):
        return StoreFault(f"{UNWRITTEN} ({error.strerror})")
    return fault(error, UNWRITTEN) if isinstance(error, sqlite3.Error) else error


def demand_possible(store: Path) -> None:
    """`StoreFault` where no new file can take the place of this one before a person has done something."""
    if is_mounted(store):
        raise StoreFault(
            f"The file {store} is mounted by itself, so that no other can take its place. Mount its folder instead, then do this"
            " again. Nothing was changed."
        )
    needed, free = int(COPIES * (store.stat().st_size + (log_bytes(store) or 0))), shutil.disk_usage(store.parent).free
    if free < needed:
        raise StoreUnavailable(
            f"There is no room for a new file beside {store}: {needed // 1_000_000:,} MB are needed, and {free // 1_000_000:,} MB are"
            " free. Make room on that disk, then do this again. Nothing was changed."
        )


@contextmanager
def _written(hop: Hop) -> Iterator[WrittenMeanwhile]:
    """The rows that are written while a `with` lasts."""
    written = WrittenMeanwhile()
    try:
        hop(written.attach)
        yield written
    finally:
        with suppress(StoreFault, sqlite3.Error):  # it may have the old file still, or be closed
            hop(written.detach)


@contextmanager
def _reading(store: Path, stops: Event) -> Iterator[sqlite3.Connection]:
    """A second connection, which only reads, and which somebody can stop; in a `with`."""
    place = f"{store.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(place, uri=True, isolation_level=None, check_same_thread=False)) as old:
        for setting in ("wal_autocheckpoint = 0", "trusted_schema = OFF", "temp_store = MEMORY"):
            old.execute(f"PRAGMA {setting}").fetchall()
        refuse_foreign(old)
        let_stop(old, stops)
        yield old


def _opened(place: Path) -> sqlite3.Connection:
    new = sqlite3.connect(
        f"{place.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
    )
    for setting in IN_A_NEW_FILE:
        new.execute(f"PRAGMA {setting}").fetchall()
    refuse_foreign(new)
    return new


def _moment(old: sqlite3.Connection, written: WrittenMeanwhile) -> tuple[WrittenRow, ...]:
    """The rows that were written so far, and the old database as it is at that time: nobody is in the midst of a transaction."""
    old.execute("BEGIN")
    old.execute("SELECT count(*) FROM main.sqlite_schema").fetchone()
    return written.take()


def _catch_up(
    old: sqlite3.Connection, new: sqlite3.Connection, *, making: Making, moment: Callable[[], tuple[WrittenRow, ...]]
) -> None:
    """Put what was written meanwhile, again and again, until little of it is missing; then see that it is all there."""
    is_right = False
    for _ in range(ROUNDS):
        rows = moment()
        transact(new, partial(making.follow, old, rows=rows))
        if len(rows) <= FEW:
            if is_right:
                return
            # Takes a while, in which more is written: so it is caught up with once more.
            making.demand_right(old)
            if row_counts(old) != row_counts(new) or _versions(old) != _versions(new):
                raise StoreFault(ODD)
            is_right = True
        old.execute("ROLLBACK")
    raise StoreUnavailable(BUSY)


def _take_place(own: sqlite3.Connection, new: sqlite3.Connection, *, making: Making, written: WrittenMeanwhile) -> None:
    """Put the last rows into the new file, and that in the place of the old one, whole or not at all."""
    assert isinstance(own, Database)
    store = real(own.path)
    place = unfinished(store)

    def last(begun: sqlite3.Connection) -> None:
        """What is missing, and what is different."""
        making.follow(own, begun, written.take())
        making.finish(own, begun)

    assert own.lock is not None
    with own.lock.alone(HARDLY) as is_alone:
        if not is_alone:
            raise StoreUnavailable(BUSY)
        own.execute("BEGIN IMMEDIATE")
        try:
            written.demand_all(own)
            transact(new, last)
            new.close()
            make_durable(place)
        finally:
            with suppress(sqlite3.Error):  # undone already, where the disk failed
                own.execute("ROLLBACK")
        _change_names(own, place, store)
    try:
        make_durable(store.parent)
    except OSError as error:
        raise StoreFault(f"{PLACED} ({error.strerror})") from error


def _change_names(own: Database, place: Path, store: Path) -> None:
    """Give the new file the name of the old one, which nobody can open meanwhile."""
    own.is_spent = True
    try:
        _have_alone(own)
        make_durable(store.parent)  # that the old one has no journal any more, which would be taken for the new one's
        place.rename(store)
    except BaseException:
        own.close_file()  # whatever it holds of the old file, which stays and is opened again
        raise


def _have_alone(own: Database) -> None:
    """Have the old database without a log, and hold it. SQLite gives a log up where nobody else has the file open, of whatever program."""
    try:
        own.execute("PRAGMA busy_timeout = 0").fetchall()  # nobody of ours can have it, and nobody else is waited for
        (mode,) = own.execute("PRAGMA journal_mode = DELETE").fetchone()
        own.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if primary_code(error) not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise fault(error, UNWRITTEN) from error
        raise StoreUnavailable(READ) from error
    if mode != "delete":
        raise StoreUnavailable(READ)


def _versions(database: sqlite3.Connection) -> object:
    """What another release changes: the version of the schema, and what it is made of."""
    return version(database), database.execute(
        "SELECT type, name, sql FROM main.sqlite_schema ORDER BY type, name"
    ).fetchall()
