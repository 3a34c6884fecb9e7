"""What has to hold before anybody works with a store: it is there, or never was; and after a restore somebody has confirmed who is in."""

from pathlib import Path

from bot.runtime.errors import StoreFault
from bot.runtime.settings import Settings
from bot.storage.sqlite.database_file import traces, unopened
from bot.storage.sqlite.write_ahead import log_lock_file
from bot.storage.store import Store
from bot.watch.vitals import last_vitals, vitals_file


def is_there(store: Path) -> bool:
    """Return True if there is a database; raise `StoreFault` if the system does not let this account see."""
    try:
        return store.exists()
    except OSError as error:
        raise unopened(store, error) from error


def left_of_store(settings: Settings) -> Path | None:
    """Return what is left of a store that is gone: a backup, or a file next to it. Return None if there is a store, or never was.

    `StoreFault` as above.
    """
    store = settings.store
    if is_there(store):
        return None
    files = (*traces(store)[1:], log_lock_file(store))
    left = next((path for path in files if path.exists()), None)
    vitals = last_vitals(store)
    # Who runs without a store reports too; only one that had a store has told of its audit.
    if left is None and vitals is not None and vitals.around.told is not None:
        left = vitals_file(store)
    return left or next(iter(sorted(settings.backup_folder.glob("*.age"), reverse=True)), None)


def demand_not_lost(settings: Settings) -> None:
    """Raise `StoreFault` if there was a store, and there is none now."""
    left = left_of_store(settings)
    if left is not None:
        raise lost(settings, left)


def demand_store(settings: Settings) -> None:
    """Raise `StoreFault` if there is no store, with what to do where there was one."""
    demand_not_lost(settings)
    if not is_there(settings.store):
        raise StoreFault(
            f"There is no database at {settings.store}. Set SERAF_STORE to the place of yours; `run` or `people invite` makes"
            " a new one."
        )


def lost(settings: Settings, left: Path | None) -> StoreFault:
    """Return what to do about a store that is gone; an empty one in its place would admit nobody (ADR 0052)."""
    store, found = settings.store, f", and {left} is left of it" if left else ""
    return StoreFault(
        f"The database {store} is gone{found}. No new one is made. Put it back, set SERAF_STORE to its place, or restore the"
        f" latest backup: seraf-bot backup restore. Only to begin again, with nobody admitted and nothing kept: stop the bot, move"
        f" the backups out of {settings.backup_folder} and every file whose name begins with {store.name} out of {store.parent},"
        " and start it."
    )


async def demand_confirmed(store: Store) -> None:
    """`StoreFault` while a restore waits to be confirmed, with what to do."""
    since = await store.read(lambda t: t.restores.waiting())
    if since is not None:
        raise StoreFault(
            f"A backup was restored at {since:%Y-%m-%d %H:%M} UTC, and nobody has confirmed yet who is in: somebody who was removed after"
            " that backup may be in again. Look at `seraf-bot people list`, and put it right; then, with an administrator:"
            " seraf-bot people confirm --confirmed-by ID. Where none is left who can: seraf-bot people invite --role admin --alone"
        )
