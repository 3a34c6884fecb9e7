"""A whole database as bytes and back: copied while the bot runs, read in memory, written where there is none.

It refuses to know how a copy is encrypted.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from glob import escape
from io import BufferedIOBase
from pathlib import Path

from bot.runtime.errors import StoreFault
from bot.runtime.files import demand_own_folder, write_private
from bot.storage.sqlite.database_file import open_to_copy, traces
from bot.storage.sqlite.migrate import known_migrations, migrate
from bot.storage.sqlite.transaction import TEXT, Work, fault

FORMATS = 18
"""Where the two bytes stand that say how a file is written and read: 2 with a log, 1 without."""

LONGEST = 5
"""How many findings of one kind are reported."""


def copied_to_memory(path: Path) -> sqlite3.Connection:
    """Return a copy in memory of the database at one time, read over a second connection; no file is made.

    `StoreFault` when there is none, or it could not be read.
    """
    memory = _in_memory()
    try:
        with closing(open_to_copy(path)) as source:
            source.backup(memory)
    except sqlite3.Error as error:
        memory.close()
        raise fault(error) from None
    return memory


def _in_memory() -> sqlite3.Connection:
    memory = sqlite3.connect(":memory:", isolation_level=None)
    memory.text_factory = TEXT
    return memory


def image(database: sqlite3.Connection) -> bytes:
    """Return a copy in memory as bytes that open by themselves: a file that has a log says so, and SQLite would look for it."""
    return b"".join(((content := database.serialize())[:FORMATS], b"\1\1", content[FORMATS + 2 :]))


@dataclass(frozen=True, slots=True)
class DatabaseCopy:
    """A copy of the database in a file without a name, to be read as a file and looked at as a database."""

    file: BufferedIOBase
    database: sqlite3.Connection
    """What is changed through it is changed in the file."""


@contextmanager
def copied_beside(source: sqlite3.Connection, path: Path) -> Iterator[DatabaseCopy]:
    """Yield a copy of the database as a file beside it that has no name any more: it is gone however this ends, in a `with`.

    Where a transaction was begun, it is of that time. Raise `StoreFault` if it could not be made.
    """
    try:
        # What runs left which were killed before they took their name away.
        for left in path.parent.glob(f".{escape(path.name)}.{'?' * 8}"):
            left.unlink(missing_ok=True)
        # By two connections: the second reads the file for the first time once it says that it has no log.
        with _unnamed(path, connections=2) as (file, (made, database)):
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
def set_aside(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Yield an empty database for what is taken out of this one to be read at leisure, on any thread, in a `with`.

    It is a file without a name beside it; in memory where no file can be made there, or the database has none itself.
    """
    path = database.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0]
    with ExitStack() as opened:
        try:
            if not path:
                raise FileNotFoundError
            _, (aside,) = opened.enter_context(_unnamed(Path(path), connections=1))
        except (OSError, sqlite3.OperationalError):
            aside = opened.enter_context(closing(sqlite3.connect(":memory:", check_same_thread=False)))
        yield aside


@contextmanager
def _unnamed(path: Path, *, connections: int) -> Iterator[tuple[BufferedIOBase, tuple[sqlite3.Connection, ...]]]:
    """Yield a new file beside the database, which has no name once it is open, and so many connections to it."""
    place = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with ExitStack() as opened:
        file = opened.enter_context(os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b"))
        try:
            # Never made by SQLite: were the name taken away by another run just now, that would be another file.
            at = f"{place.absolute().as_uri()}?mode=rw"
            opener = partial(sqlite3.connect, at, uri=True, isolation_level=None, check_same_thread=False)
            made = tuple(opened.enter_context(closing(opener())) for _ in range(connections))
        finally:
            place.unlink(missing_ok=True)
        for each in made:
            each.text_factory = TEXT
            # A journal on the disk would be one file more, with a name; what is cut short is gone all the same.
            for setting in ("journal_mode = MEMORY", "synchronous = OFF", "trusted_schema = OFF"):
                each.execute(f"PRAGMA {setting}").fetchall()
        yield file, made


def loaded(content: bytes) -> sqlite3.Connection:
    """Return the database of these bytes, in memory. Raise `StoreFault` if they are not a whole database."""
    memory = _in_memory()
    try:
        memory.deserialize(content or b"none")  # of no bytes at all SQLite would say that memory ran out
        memory.execute("PRAGMA trusted_schema = OFF")
        memory.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error:
        memory.close()
        raise StoreFault("What is in it is not a database, or not all of one.") from None
    return memory


def row_counts(database: sqlite3.Connection) -> Mapping[str, int]:
    """Return how many rows each table has."""
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return {table: int(database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]) for table in tables}


def writes_counted(database: sqlite3.Connection) -> int:
    """Return how many writes a database says that it has counted, its ledger unopened; 0 in one of before there was a ledger."""
    has_ledger = database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'ledger'").fetchone()
    found = database.execute("SELECT number FROM ledger").fetchone() if has_ledger else None
    return 0 if found is None else int(found[0])


def damage(database: sqlite3.Connection) -> tuple[str, ...]:
    """Return what SQLite finds wrong with a database, and how many rows refer to a missing row; each in a plain sentence."""
    found = [str(text) for (text,) in database.execute(f"PRAGMA integrity_check({LONGEST})") if text != "ok"]
    lost = len(database.execute("PRAGMA foreign_key_check").fetchall())
    return (
        *(f"SQLite finds it damaged: {' '.join(text.split())}." for text in found),
        *([f"{lost} of its rows belong to a row that is not there."] if lost else []),
    )


def strange_parts(database: sqlite3.Connection, *, keyed: Mapping[int, Work[None]]) -> tuple[str, ...]:
    """Bring a copy up to this version, and say which tables and indexes differ from those that this version makes.

    `keyed` is what takes keys in it, by the number of the migration.
    """
    migrate(database, known_migrations(), keyed=keyed)
    return odd_parts(database)


def odd_parts(database: sqlite3.Connection) -> tuple[str, ...]:
    """Return which tables, indexes, triggers and views of a database of this version are not as it makes them."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        migrate(model, known_migrations())
        different = _parts(database) ^ _parts(model)
    return tuple(
        f"Its {kind} “{name}” is not as the bot makes it." for kind, name in sorted({d[:2] for d in different})
    )


def demand_room(path: Path) -> None:
    """Raise `StoreFault` if there is a database in this place already, files that belonged to one, or a folder open to others."""
    demand_own_folder(path.parent, fault=StoreFault)
    for place in traces(path):
        if place.exists() or place.is_symlink():
            raise StoreFault(
                f"There is {place} already, and it was left alone. Stop the bot, move every file whose name begins with"
                f" {path.name} out of {path.parent} to a safe place, and restore again."
            )


def put(path: Path, content: bytes) -> None:
    """Write a database where there is none: 0600, durable, whole or not at all. Raise `StoreFault` if it was not written."""
    demand_room(path)
    try:
        write_private(path, content)
    except OSError as error:
        raise StoreFault(
            f"The database {path} could not be written: {error.strerror or 'there is one already'}. Nothing was restored."
            " Make room, or give this account the folder."
        ) from None


def _parts(database: sqlite3.Connection) -> set[tuple[str, str, str]]:
    return {
        (str(kind), str(name), str(sql))
        for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
        if not str(name).startswith("sqlite_")
    }
