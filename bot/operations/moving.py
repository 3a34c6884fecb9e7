"""Moves a store between a file and PostgreSQL, whole or not at all, so that never more than one of the two opens.

1. Within a transaction of the source, in which nobody else writes, every row is copied and compared; the target is committed with a
note that it has not arrived. 2. The source is noted as moved, and opens for nobody. 3. The note of the target is taken away, and
the audit has an entry. If it is cut short, the same command goes on, or begins again while the source still opens.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.crypto.keys import key_place, load_ring
from bot.runtime.errors import InUse, StoreFault
from bot.runtime.settings import LocalSettings, StorePlace, place_named
from bot.runtime.single_instance import Alone
from bot.storage.copying import copy_rows, demand_same
from bot.storage.opening import demand_empty, fill_store, open_desk, running_copies
from bot.storage.session import FROM, TO, StoreSession
from bot.storage.sqlite.preparing import own_key
from bot.storage.tables import counted
from bot.trail.audit import AuditEvent, operator_of
from bot.trail.chain import Entry
from seraf.errors import SerafError


def move_store(settings: LocalSettings, to: StorePlace, *, at: datetime) -> None:
    """Move the store to an empty place, while no bot runs. Raise `SerafError` if it was not moved; it may then be run again."""
    source, keys_at = settings.store, key_place(settings)

    def copy(session: StoreSession) -> None:
        def fill(target: StoreSession) -> None:
            copy_rows(session, target)
            demand_same(session, target, load_ring(keys_at, own_key(session)))
            target.execute("UPDATE meta SET moved = ?", (FROM + _name(source),))

        fill_store(to, fill, replaces=True)
        session.execute("UPDATE meta SET moved = ?", (TO + _name(to),))

    def arrive(session: StoreSession) -> None:
        if _note(session).startswith(FROM):
            _open_again(session, settings, AuditEvent.STORE_MOVED, at=at)

    with _unused(source, to):
        with open_desk(source, keys_at, is_moved=True) as desk:
            is_moved = desk.read(_note) == TO + _name(to)
        if not is_moved:  # else an earlier run was cut short before its last step
            demand_empty(to, replaces=True)
            with open_desk(source, keys_at) as desk:
                desk.transact(copy)
        with open_desk(to, keys_at, is_moved=True) as desk:
            desk.transact(arrive)


def reopen(settings: LocalSettings, *, at: datetime) -> str:
    """Open a store again that was moved, and return the place it was moved to. Raise `StoreFault` if the store there opens."""
    with _unused(settings.store), open_desk(settings.store, key_place(settings), is_moved=True) as desk:
        note = desk.read(_note)
        if not note.startswith(TO):
            raise StoreFault("The store was not moved from here. Nothing was changed.")
        to = note.removeprefix(TO)
        try:
            with open_desk(place_named(settings, to), key_place(settings)):
                pass
        except SerafError:
            desk.transact(lambda session: _open_again(session, settings, AuditEvent.STORE_REOPENED, at=at))
            return to
    raise StoreFault(
        f"The store at {to} opens, and has what was kept since. Nothing was changed. To come back, set SERAF_STORE to it, and"
        " copy it from there to a new place: seraf-bot store copy --to"
    )


@contextmanager
def _unused(*places: StorePlace) -> Iterator[None]:
    """Prevent during a `with` that a bot starts here with one of these stores. Raise `InUse` if a bot runs, here or elsewhere."""
    first, *others = places
    for place in places:
        if hosts := running_copies(place):
            raise InUse(
                f"A bot runs with the store at {place}, on {', '.join(hosts)}. Stop every copy. Nothing was changed."
            )
    with Alone(first.path):
        if not others or others[0].path == first.path:
            yield
            return
        with Alone(others[0].path):
            yield


def _note(session: StoreSession) -> str:
    return (session.execute("SELECT moved FROM meta").fetchone() or ("",))[0] or ""


def _open_again(session: StoreSession, settings: LocalSettings, what: AuditEvent, *, at: datetime) -> None:
    with counted(session, load_ring(key_place(settings), own_key(session))) as tables:
        tables.audit.append((Entry(at, operator_of(settings), what),))
    session.execute("UPDATE meta SET moved = NULL")


def _name(place: StorePlace) -> str:
    return place.address or str(place.path.absolute())
