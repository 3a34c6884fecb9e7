"""Copies a database to a file, to memory or to bytes, and examines a database: each fault is described in a sentence."""

import asyncio
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from glob import escape
from io import BufferedIOBase
from pathlib import Path

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import StoreFault
from bot.runtime.files import demand_own_folder, write_private
from bot.storage.ledger import MONTHS
from bot.storage.session import SqliteSession, StoreSession, fault
from bot.storage.sqlite.database_file import open_to_copy, traces
from bot.storage.sqlite.preparing import known_migrations, migrate
from bot.storage.sqlite.resealing import open_everything
from bot.storage.sqlite.transaction import TEXT, Work
from bot.storage.store import Store
from bot.storage.tables import Tables
from bot.storage.tables.audit import LINES
from bot.trail.audit import AuditLook, look_at
from bot.trail.chain import Head, Trail

FORMATS = 18  # offset of the two bytes that say how a file is written and read: 2 with a log, 1 without


def copied_to_memory(path: Path) -> sqlite3.Connection:
    """Return a copy of the database in memory, read by a second connection. Raise `StoreFault` if it cannot be read."""
    memory = sqlite3.connect(":memory:", isolation_level=None)
    memory.text_factory = TEXT
    try:
        with closing(open_to_copy(path)) as source:
            source.backup(memory)
    except sqlite3.Error as error:
        memory.close()
        raise fault(error) from None
    return memory


def image(database: sqlite3.Connection) -> bytes:
    """Return a database in memory as the bytes of a file. They state that there is no log, so that SQLite does not look for one."""
    return b"".join(((content := database.serialize())[:FORMATS], b"\1\1", content[FORMATS + 2 :]))


@dataclass(frozen=True, slots=True)
class DatabaseCopy:
    """A copy of the database in a file whose name was removed, open both as a file and as a database."""

    file: BufferedIOBase
    database: sqlite3.Connection  # its changes are changes of the file


@contextmanager
def copied_beside(source: sqlite3.Connection, path: Path) -> Iterator[DatabaseCopy]:
    """Yield a copy of the database in a file whose name is removed at once. Raise `StoreFault` if it could not be made."""
    try:
        # Files of processes that were killed before they removed the name.
        for left in path.parent.glob(f".{escape(path.name)}.{'?' * 8}"):
            left.unlink(missing_ok=True)
        # Two connections: the second first reads the file once it says that it has no log.
        with unnamed(path, connections=2) as (file, (made, database)):
            source.backup(made)
            file.seek(FORMATS)
            file.write(b"\1\1")
            file.seek(0)
            yield DatabaseCopy(file, database)
    except sqlite3.Error as error:
        raise fault(error) from None
    except OSError as error:
        raise StoreFault(f"No copy could be made beside {path}: {error.strerror}. Make room on the disk.") from None


@contextmanager
def set_aside(session: StoreSession) -> Iterator[sqlite3.Connection]:
    """Yield an empty temporary database that any thread may use, in a file whose name was removed or else in memory."""
    path = ""
    if isinstance(session, SqliteSession):
        path = session.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0]
    with ExitStack() as opened:
        try:
            if not path:
                raise FileNotFoundError
            _, (empty,) = opened.enter_context(unnamed(Path(path), connections=1))
        except (OSError, sqlite3.OperationalError):
            empty = opened.enter_context(closing(sqlite3.connect(":memory:", check_same_thread=False)))
        yield empty


@contextmanager
def unnamed(path: Path, *, connections: int) -> Iterator[tuple[BufferedIOBase, tuple[sqlite3.Connection, ...]]]:
    """Yield a new file in the folder of the database, whose name was removed at once, and this many connections to it."""
    place = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with ExitStack() as opened:
        file = opened.enter_context(os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b"))
        try:
            # Not created by SQLite: if another process removed the name just now, SQLite would make another file.
            at = f"{place.absolute().as_uri()}?mode=rw"
            opener = partial(sqlite3.connect, at, uri=True, isolation_level=None, check_same_thread=False)
            made = tuple(opened.enter_context(closing(opener())) for _ in range(connections))
        finally:
            place.unlink(missing_ok=True)
        for connection in made:
            connection.text_factory = TEXT
            # A journal on the disk would be another file, with a name; a copy that was cut short is gone anyway.
            for setting in ("journal_mode = MEMORY", "synchronous = OFF", "trusted_schema = OFF"):
                connection.execute(f"PRAGMA {setting}").fetchall()
        yield file, made


def loaded(content: bytes) -> sqlite3.Connection:
    """Return a database in memory that was loaded from the bytes of a file. Raise `StoreFault` if they are not a whole database."""
    memory = sqlite3.connect(":memory:", isolation_level=None)
    memory.text_factory = TEXT
    try:
        memory.deserialize(content or b"none")  # for no bytes SQLite would report that memory ran out
        memory.execute("PRAGMA trusted_schema = OFF")
        memory.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error:
        memory.close()
        raise StoreFault("What is in it is not a database, or not all of one.") from None
    return memory


def row_counts(database: sqlite3.Connection) -> Mapping[str, int]:
    """Return the number of rows of each table."""
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return {table: int(database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]) for table in tables}


def writes_counted(database: sqlite3.Connection) -> int:
    """Return the number of writes in the ledger, which is not encrypted, or 0 for a database of a release without a ledger."""
    has_ledger = database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'ledger'").fetchone()
    row = database.execute("SELECT number FROM ledger").fetchone() if has_ledger else None
    return 0 if row is None else int(row[0])


def damage(database: sqlite3.Connection) -> tuple[str, ...]:
    """Return a sentence for each of the first five faults that SQLite finds, and one about the rows that refer to a missing row."""
    texts = [str(text) for (text,) in database.execute("PRAGMA integrity_check(5)") if text != "ok"]
    sentences = [f"SQLite finds it damaged: {' '.join(text.split())}." for text in texts]
    if orphans := len(database.execute("PRAGMA foreign_key_check").fetchall()):
        sentences.append(f"{orphans} of its rows belong to a row that is not there.")
    return tuple(sentences)


def strange_parts(database: sqlite3.Connection, *, keyed: Mapping[int, Work[None]]) -> tuple[str, ...]:
    """Upgrade a copy of a database to this version, and return the result of `odd_parts`. `keyed` is as in `migrate`."""
    migrate(database, known_migrations(), keyed=keyed)
    return odd_parts(database)


def odd_parts(database: sqlite3.Connection) -> tuple[str, ...]:
    """Return a sentence for each table, index, trigger or view that differs from a new database of this version."""

    def parts(source: sqlite3.Connection) -> set[tuple[str, str, str]]:
        rows = source.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
        return {(str(kind), str(name), str(sql)) for kind, name, sql in rows if not str(name).startswith("sqlite_")}

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        migrate(model, known_migrations())
        different = {part[:2] for part in parts(database) ^ parts(model)}
    return tuple(f"Its {kind} “{name}” is not as the bot makes it." for kind, name in sorted(different))


def demand_room(path: Path) -> None:
    """Raise `StoreFault` if a database, or a file that belongs to one, exists at this path, or if others can use the folder."""
    demand_own_folder(path.parent, fault=StoreFault)
    for place in traces(path):
        if place.exists() or place.is_symlink():
            raise StoreFault(
                f"There is {place} already, and it was left alone. Stop the bot, move every file whose name begins with"
                f" {path.name} out of {path.parent} to a safe place, and do this again."
            )


def put(path: Path, content: bytes) -> None:
    """Write a new database file (mode 0600), durably, whole or not at all. Raise `StoreFault` if it was not written."""
    demand_room(path)
    try:
        write_private(path, content)
    except OSError as error:
        raise StoreFault(
            f"The database {path} could not be written: {error.strerror or 'there is one already'}. Nothing was restored."
            " Make room, or give this account the folder."
        ) from None


PARTED = """SELECT count(*) FROM people WHERE has IS NOT
    (EXISTS (SELECT 1 FROM standings WHERE standings.mark = people.mark)
    + 2 * EXISTS (SELECT 1 FROM rehearsals WHERE rehearsals.mark = people.mark)
    + 4 * (SELECT count(*) FROM case_people WHERE case_people.person = people.mark AND kind = 'holder'))"""


def in_step(database: sqlite3.Connection, keys: KeyRing) -> tuple[int, tuple[str, ...]]:
    """Return the number of sealed values that can be decrypted, and a sentence for every fault except those of the audit."""
    session = SqliteSession(database)
    ledger = Tables(session, keys).ledger
    ledger.follow()
    wrong, opening = ledger.verify(), open_everything(session, keys)
    (parted,) = database.execute(PARTED).fetchone()
    sentences = [str(wrong)] if wrong else []
    if parted:
        sentences.append(f"Of {parted} of the people a standing, a rehearsal or a case was taken away or put there.")
    sentences += (
        f"{count} of the values of {name} do not open: changed, or moved from elsewhere."
        for name, count in opening.closed.items()
        if name != "audit.entry"
    )
    return opening.opened, (*sentences, *odd_parts(database))


async def look_at_audit(store: Store, keys: KeyRing, *, anchor: Head | None = None) -> AuditLook:
    """Return the result of examining the audit, which also reports months that were removed or restored from an older copy.

    Entries are read one at a time from a sealed copy, since a long read of the database would keep its log from being emptied.
    """
    with ExitStack() as copies:

        def take(tables: Tables) -> tuple[Trail, tuple[str, ...]]:
            copy = copies.enter_context(set_aside(tables.session))
            copy.execute("CREATE TABLE audit (number INTEGER PRIMARY KEY, month, entry, link)")
            copy.executemany("INSERT INTO audit VALUES (?, ?, ?, ?)", tables.session.execute(LINES))
            copy.commit()
            trail = tables.audit.unread(copy.execute)
            try:
                tables.ledger.demand_table(MONTHS)
            except StoreFault as fault:
                return trail, (str(fault),)
            return trail, ()

        trail, faults = await store.read(take)
        look = await asyncio.to_thread(look_at, keys, trail, anchor=anchor)
        return replace(look, faults=(*look.faults, *faults))
