"""Whether a database file is whole: that there is something in it, and that SQLite finds no damage."""

import sqlite3
from pathlib import Path

from bot.runtime.errors import DamagedStore, StoreFault
from bot.runtime.files import write_private
from bot.storage.sqlite.database.transaction import consult

DAMAGED = "SQLite finds the database damaged. Stop the bot, and restore the latest backup."


def demand_whole(database: sqlite3.Connection) -> None:
    """`DamagedStore` where SQLite finds damage in any page; it reads them all."""
    if consult(database, lambda one: one.execute("PRAGMA quick_check(1)").fetchone()) != ("ok",):
        raise DamagedStore(DAMAGED)


def demand_something(path: Path) -> None:
    """`DamagedStore` for an empty file, which SQLite itself would take for a new database; `FileNotFoundError` for none."""
    if not path.stat().st_size:
        raise DamagedStore(
            f"The database {path} is empty: something cut it off. Restore the latest backup. Only where there never was"
            " anything in it, delete the file."
        )


def demand_there(path: Path) -> None:
    """The same for whoever makes none: `StoreFault` for no file too."""
    try:
        demand_something(path)
    except FileNotFoundError as error:
        raise StoreFault(f"There is no database at {path}. Set SERAF_STORE to the place of yours.") from error
    except OSError as error:
        raise unopened(path, error) from error


def make_or_demand(path: Path) -> None:
    """Make a database without a table where there is no file, whole and for its owner alone. `DamagedStore` for an empty file.

    Taken for a new one, nobody would be admitted any more.
    """
    try:
        demand_something(path)
    except FileNotFoundError:
        _make(path)
    except OSError as error:
        raise unopened(path, error) from error


def _make(path: Path) -> None:
    new = sqlite3.connect(":memory:", isolation_level=None)
    try:
        new.execute("CREATE TABLE first (id)")  # SQLite writes no page of a database in which nothing ever was
        new.execute("DROP TABLE first")
        new.execute("VACUUM")
        write_private(path, new.serialize())
    except FileExistsError:
        return  # another program was quicker
    except OSError as error:
        raise unopened(path, error) from error
    finally:
        new.close()


def unopened(path: Path, error: OSError) -> StoreFault:
    """What to do about a database file that the system does not let be opened."""
    return StoreFault(
        f"The database {path} could not be opened: {error.strerror}. Give the bot's account its file and folder."
    )
