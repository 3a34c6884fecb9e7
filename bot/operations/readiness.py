"""Checks before a store is used: that it was not lost, and that after a restore somebody has confirmed who has access."""

from pathlib import Path

from bot.runtime.errors import StoreFault
from bot.runtime.settings import Settings, StorePlace
from bot.storage.sqlite.database_file import traces, unopened
from bot.storage.sqlite.transaction import log_lock_file
from bot.storage.store import Store
from bot.watch.vitals import last_vitals, vitals_file


def is_there(store: StorePlace) -> bool:
    """Return True if the database exists, or is on a server. Raise `StoreFault` if this account may not see its folder."""
    try:
        return bool(store.address) or store.path.exists()
    except OSError as error:
        raise unopened(store.path, error) from error


def left_of_store(settings: Settings) -> Path | None:
    """Return a file left by a lost store, or None if the store exists or never did. Raise `StoreFault` if access is denied."""
    store = settings.store.path
    if is_there(settings.store):
        return None
    files = (*traces(store)[1:], log_lock_file(store))
    left = next((path for path in files if path.exists()), None)
    vitals = last_vitals(store)
    # A bot without a store writes reports too, but only one with a store reports an entry of its audit.
    if left is None and vitals is not None and vitals.around.told is not None:
        left = vitals_file(store)
    return left or next(iter(sorted(settings.backup_folder.glob("*.age"), reverse=True)), None)


def demand_store(settings: Settings, *, may_be_new: bool = False) -> None:
    """Raise `StoreFault` if the store was lost, or if there never was one, unless `may_be_new` is True."""
    if (left := left_of_store(settings)) is not None:
        raise lost(settings, left)
    if not may_be_new and not is_there(settings.store):
        raise StoreFault(
            f"There is no database at {settings.store.path}. Set SERAF_STORE to the place of yours; `run` or `people invite` makes"
            " a new one."
        )


def lost(settings: Settings, left: Path | None) -> StoreFault:
    """Return the fault of a lost store, with advice. A new, empty store in its place would admit nobody (ADR 0052)."""
    store, remnant = settings.store.path, f", and {left} is left of it" if left else ""
    return StoreFault(
        f"The database {store} is gone{remnant}. No new one is made. Put it back, set SERAF_STORE to its place, or restore the"
        f" latest backup: seraf-bot backup restore. Only to begin again, with nobody admitted and nothing kept: stop the bot, move"
        f" the backups out of {settings.backup_folder} and every file whose name begins with {store.name} out of {store.parent},"
        " and start it."
    )


async def demand_confirmed(store: Store) -> None:
    """Raise `StoreFault`, with advice, if a backup was restored and nobody has confirmed yet who has access."""
    since = await store.read(lambda t: t.restores.waiting())
    if since is not None:
        raise StoreFault(
            f"A backup was restored at {since:%Y-%m-%d %H:%M} UTC, and nobody has confirmed yet who is in: somebody who was removed after"
            " that backup may be in again. Look at `seraf-bot people list`, and put it right; then, with an administrator:"
            " seraf-bot people confirm --confirmed-by ID. Where none is left who can: seraf-bot people invite --role admin --alone"
        )
