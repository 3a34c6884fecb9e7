"""Key rotation, with or without a running bot. If it is interrupted, the next run continues it.

1. The new keys are added to the key file. 2. Every value is encrypted again in one transaction. If a bot runs, it does this,
since it watches the key file. 3. The database is rewritten, so that it keeps no value encrypted with the old keys. The audit
records the rotation. The old keys are removed from the key file, which at every moment has the keys that the database needs.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.crypto.keys import CodeChange, Keychain, KeyPlace, load_keys, load_ring, replace_key_file
from bot.runtime.errors import InUse, KeyFault, StoreClosed, StoreFault
from bot.runtime.logs import FaultLog
from bot.runtime.settings import StorePlace
from bot.runtime.single_instance import Alone
from bot.storage.opening import open_desk
from bot.storage.session import StoreSession
from bot.storage.sqlite.preparing import own_key
from bot.storage.sqlite.resealing import change_keys, demand_in_step, sealed_values
from bot.storage.store import Store
from bot.storage.tables import counted
from bot.trail.audit import OPERATOR, AuditEvent
from bot.trail.chain import Entry

LOOK_EVERY, AGAIN = 1.0, 60.0  # seconds between checks of the key file, or of the bot's use of it; after a failure
LONG_ENOUGH = 90.0  # seconds that a command waits for the bot to use the new keys, or for readers of the log to end


@dataclass(frozen=True, slots=True)
class Rotated:
    """The id of the new keys, the number of values sealed under them, and True if an earlier run began the rotation."""

    key: str
    values: int
    was_begun: bool


def rotate_keys(
    store: StorePlace, key_file: Path, *, at: datetime, by: str = OPERATOR, codes: CodeChange | None = None
) -> Rotated:
    """Rotate the keys, one rotation at a time. After a `KeyFault` or `StoreFault` nothing is lost, and the next run continues."""

    def add_new_keys(_: StoreSession) -> bool:
        # In a transaction, so that the second of two simultaneous commands finds the keys of the first.
        chain = load_keys(key_file)
        if chain.following is None:
            replace_key_file(key_file, Keychain(chain.current, chain.coming(codes)))
        return chain.following is not None

    with open_desk(store, key_file) as desk:
        # Encrypted with new keys, rows that somebody restored from an older copy would look genuine.
        desk.read(lambda session: demand_in_step(session, load_ring(key_file, own_key(session))))
        was_begun = desk.transact(add_new_keys)
    until = time.monotonic() + LONG_ENOUGH
    try:
        while (rotated := _finish(store, key_file, by=by, at=at, was_begun=was_begun)) is None:
            try:
                with Alone(store.path):
                    _reseal(store, key_file)
            except InUse:  # a bot runs, which reseals everything itself
                time.sleep(LOOK_EVERY)
                if time.monotonic() > until:
                    raise StoreFault(
                        "The bot has not taken up the new keys. Its log may say why; a bot that has them from elsewhere cannot."
                    ) from None
    except StoreFault as fault:
        raise StoreFault(
            f"{fault} {key_file} has the keys of before and new ones until this is finished. Put that right, or stop the bot;"
            " then run it again: seraf-bot keys rotate"
        ) from None
    return rotated


def _reseal(store: StorePlace, key_file: Path) -> None:
    def reseal(session: StoreSession) -> None:
        chain, own = load_keys(key_file), own_key(session)
        if chain.following is not None and chain.following.id != own:
            change_keys(session, old=load_ring(key_file, own), new=chain.following)

    with open_desk(store, key_file) as desk:
        desk.transact(reseal)


def _finish(store: StorePlace, key_file: Path, *, by: str, at: datetime, was_begun: bool) -> Rotated | None:
    """Record the rotation in the audit, then remove the old keys. Return None if the database is not sealed under the new ones."""

    def note(session: StoreSession) -> bool:
        chain, own = load_keys(key_file), own_key(session)
        new = chain.following
        if new is None:
            return True
        if new.id == own:
            are_codes = new.codes != chain.current.codes
            events = (AuditEvent.KEYS_ROTATED, *((AuditEvent.CODES_ROTATED,) if are_codes else ()))
            with counted(session, new) as tables:
                tables.audit.append([Entry(at, by, event) for event in events])
        return new.id == own

    def remove_old_keys(session: StoreSession) -> str:
        chain, own = load_keys(key_file), own_key(session)
        if chain.following is not None and chain.following.id == own:
            replace_key_file(key_file, Keychain(chain.following))
        return own

    with open_desk(store, key_file) as desk:
        following = load_keys(key_file).following
        if following is not None:
            if following.id != desk.read(own_key):
                return None
            # Rewrite everything, so that nothing under the old keys is left.
            desk.rewrite(LONG_ENOUGH)
        if desk.transact(note):
            return Rotated(desk.transact(remove_old_keys), desk.read(sealed_values), was_begun)
    return None


async def take_up_new_keys(store: Store, place: KeyPlace) -> None:
    """Encrypt everything again whenever a command adds new keys to the key file. Only for the bot, which locks the store."""
    faults, known = FaultLog("new keys not taken up"), b""
    while isinstance(place, Path):  # keys from any other place are never rotated by a command
        wait = LOOK_EVERY
        try:
            content = place.read_bytes()
            if content != known:
                new = load_keys(place).following
                if new is not None and (own := await store.read(lambda tables: tables.keys.id)) != new.id:
                    await store.change_keys(load_ring(place, own), new)
                known = content
        except StoreClosed:
            return
        except (StoreFault, KeyFault) as fault:
            faults.note(fault)
            wait = AGAIN
        except OSError:
            wait = AGAIN  # the next opening of the store reports it
        else:
            faults.over()
        await asyncio.sleep(wait)
