"""A store that is gone, as against one that never was: where anything is left of one, no empty one takes its place."""

from pathlib import Path

from bot.runtime.errors import StoreFault
from bot.runtime.settings import Settings
from bot.storage.sqlite.database_file import traces, unopened
from bot.storage.sqlite.write_ahead import log_lock_file
from bot.watch.vitals_file import last_vitals, vitals_file


def is_there(store: Path) -> bool:
    """Whether there is a database; `StoreFault` where the system does not let this account see."""
    try:
        return store.exists()
    except OSError as error:
        raise unopened(store, error) from error


def left_of_store(settings: Settings) -> Path | None:
    """A backup, or what lies beside a store that was used, where there is none now; None where there is one, or never was.

    `StoreFault` as above.
    """
    store = settings.store
    if is_there(store):
        return None
    beside = (*traces(store)[1:], log_lock_file(store))
    left = next((path for path in beside if path.exists()), None)
    vitals = last_vitals(store)
    # Who runs without a store reports too; only one that had a store has told of its audit.
    if left is None and vitals is not None and vitals.around.told is not None:
        left = vitals_file(store)
    return left or next(iter(sorted(settings.backup_folder.glob("*.age"), reverse=True)), None)


def demand_not_lost(settings: Settings) -> None:
    """`StoreFault` where there was a store, and there is none now."""
    left = left_of_store(settings)
    if left is not None:
        raise lost(settings, left)


def demand_store(settings: Settings) -> None:
    """`StoreFault` where there is no store, with what to do where there was one."""
    demand_not_lost(settings)
    if not is_there(settings.store):
        raise StoreFault(
            f"There is no database at {settings.store}. Set SERAF_STORE to the place of yours; `run` or `people invite` makes"
            " a new one."
        )


def lost(settings: Settings, left: Path | None) -> StoreFault:
    """What to do about a store that is gone; an empty one in its place would admit nobody (ADR 0052)."""
    store, found = settings.store, f", and {left} is left of it" if left else ""
    return StoreFault(
        f"The database {store} is gone{found}. No new one is made. Put it back, set SERAF_STORE to its place, or restore the"
        f" latest backup: seraf-bot backup restore. Only to begin anew, with nobody admitted and nothing kept: stop the bot, move"
        f" the backups out of {settings.backup_folder} and every file whose name begins with {store.name} out of {store.parent},"
        " and start it."
    )
