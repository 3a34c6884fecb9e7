"""Opens the store at its place: in a database file, or in PostgreSQL, whose driver is loaded only then."""

from functools import partial

from bot.crypto.keys import KeyPlace, load_key_file, load_ring
from bot.runtime.errors import SettingsFault
from bot.runtime.settings import StorePlace
from bot.storage.sqlite.database_file import BUSY_MILLISECONDS
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store

MISSING = "A store in PostgreSQL needs its driver, which is not installed: pip install 'seraf-bot[postgresql]'"


async def open_store(
    place: StorePlace,
    keys_at: KeyPlace,
    *,
    is_looked_through: bool = False,
    upgrades: bool = False,
    busy_milliseconds: int = BUSY_MILLISECONDS,
) -> Store:
    """Return the store, with keys that are loaded again after a rotation. `open_sqlite` and `open_postgres` say what can fail.

    Only a file is looked through, and only a file is held by other programs: a server checks its own pages.
    """
    keys, reload = load_key_file(keys_at), partial(load_ring, keys_at)
    if not place.address:
        return await open_sqlite(
            place.path,
            keys,
            busy_milliseconds=busy_milliseconds,
            reload=reload,
            is_looked_through=is_looked_through,
            upgrades=upgrades,
        )
    try:
        from bot.storage.postgres.opening import open_postgres
    except ImportError:
        raise SettingsFault(MISSING) from None
    return await open_postgres(place, keys, reload=reload, upgrades=upgrades)
