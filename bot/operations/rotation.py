"""Key rotation, while a bot runs or not. Run again after an interruption, it goes on with the next step.

1. The new secrets are added to the key file. 2. Everything is sealed again under them in one transaction: by the bot if one runs, which
looks for them there. 3. The file is written anew, so that nothing in it is sealed under the old ones; the audit is told, and they are
removed from the key file. At every moment the key file holds the secrets that the database names.
"""

import asyncio
import sqlite3
import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.crypto.keys import CodeChange, Keychain, KeyPlace, load_keys, load_ring, replace_key_file
from bot.runtime.errors import InUse, KeyFault, StoreClosed, StoreFault
from bot.runtime.logs import FaultLog
from bot.runtime.single_instance import Alone
from bot.storage.session import SqliteSession
from bot.storage.sqlite.opening import counted, open_for_command
from bot.storage.sqlite.preparing import own_key
from bot.storage.sqlite.resealing import change_keys, demand_in_step, sealed_values
from bot.storage.sqlite.transaction import consult, pack, read_at_once, transact
from bot.storage.sqlite.write_ahead import HELD_UP, Database, clear_log
from bot.storage.store import Store
from bot.trail.audit import OPERATOR, AuditEvent
from bot.trail.chain import Entry

LOOK_EVERY, AGAIN = 1.0, 60.0
"""Seconds between two looks whether there are new keys, or whether the bot has taken them up; and after a failure."""

LONG_ENOUGH = 90.0
"""Seconds for which a command waits until the bot has taken up the new keys, or nobody reads the log any more."""


NOT_TAKEN_UP = "The bot has not taken up the new keys. Its log may say why; a bot that has them from elsewhere cannot."


@dataclass(frozen=True, slots=True)
class Rotated:
    """The name of the key file now, how many values are sealed under it, and whether an earlier run had begun."""

    key: str
    values: int
    was_begun: bool


@dataclass(frozen=True, slots=True)
class Rotation:
    """A change of the keys that a command asks for."""

    store: Path
    secrets_in: Path
    at: datetime
    by: str = OPERATOR

    def carry_out(self, codes: CodeChange | None) -> Rotated:
        """Do every step that is not done."""
        was_begun, until = self._begin(codes), time.monotonic() + LONG_ENOUGH
        try:
            while (rotated := self._finished(was_begun=was_begun)) is None:
                if self._is_for_the_bot():
                    time.sleep(LOOK_EVERY)
                    if time.monotonic() > until:
                        raise StoreFault(NOT_TAKEN_UP)
        except StoreFault as fault:
            raise StoreFault(
                f"{fault} {self.secrets_in} has the keys of before and new ones until this is finished. Put that right, or stop the bot;"
                " then run it again: seraf-bot keys rotate"
            ) from None
        return rotated

    def _is_for_the_bot(self) -> bool:
        """Seal everything under the new secrets, unless a bot runs, which does that."""
        try:
            with Alone(self.store):
                self._seal()
        except InUse:
            return True
        return False

    def _begin(self, codes: CodeChange | None) -> bool:
        """Put new secrets into the key file; whether they were there. `StoreFault` for what was put back, which would be right then."""
        with open_for_command(self.store, self.secrets_in) as database:
            keys = load_ring(self.secrets_in, consult(database, own_key))
            read_at_once(database, lambda begun: demand_in_step(SqliteSession(begun), keys))
            return transact(database, partial(self._add_keys, codes))

    def _add_keys(self, codes: CodeChange | None, _: sqlite3.Connection) -> bool:
        """In a transaction, so that of two commands the second finds what the first has put there."""
        chain = load_keys(self.secrets_in)
        if chain.following is None:
            replace_key_file(self.secrets_in, Keychain(chain.current, chain.coming(codes)))
        return chain.following is not None

    def _seal(self) -> None:
        """Seal everything under the new secrets, where that is not done."""
        with open_for_command(self.store, self.secrets_in) as database:
            chain, own = load_keys(self.secrets_in), consult(database, own_key)
            if chain.following is not None and chain.following.id != own:
                step = partial(change_keys, old=load_ring(self.secrets_in, own), new=chain.following)
                transact(database, lambda begun: step(SqliteSession(begun)))

    def _finished(self, *, was_begun: bool) -> Rotated | None:
        """Tell the audit, then remove the old secrets; return None if the database is not sealed under the new ones yet."""
        with open_for_command(self.store, self.secrets_in) as database:
            following = load_keys(self.secrets_in).following
            if following is not None:
                if following.id != consult(database, own_key):
                    return None  # asked once: a bot that seals everything just now is met the next time
                _pack(database)
            if transact(database, self._is_told):
                key = transact(database, partial(_strike_out, self.secrets_in))
                return Rotated(key, read_at_once(database, sealed_values), was_begun)
        return None

    def _is_told(self, database: sqlite3.Connection) -> bool:
        chain, own = load_keys(self.secrets_in), own_key(database)
        new = chain.following
        if new is None:
            return True
        if new.id == own:
            are_codes = new.codes != chain.current.codes
            what = (AuditEvent.KEYS_ROTATED, AuditEvent.CODES_ROTATED) if are_codes else (AuditEvent.KEYS_ROTATED,)
            told = [Entry(self.at, self.by, each) for each in what]
            with counted(database, new) as tables:
                tables.audit.append(told)
        return new.id == own


def _pack(database: Database) -> None:
    """Leave nothing under the old keys in the file or in its log. `StoreFault` where somebody reads for too long."""
    pack(database)
    until = time.monotonic() + LONG_ENOUGH
    while not clear_log(database):
        if time.monotonic() > until:
            raise StoreFault(HELD_UP)


def _strike_out(key_file: Path, database: sqlite3.Connection) -> str:
    """Remove all secrets from the key file but those that the database names, and return that name."""
    chain, own = load_keys(key_file), own_key(database)
    if chain.following is not None and chain.following.id == own:
        replace_key_file(key_file, Keychain(chain.following))
    return own


def rotate_keys(
    store: Path, key_file: Path, *, at: datetime, by: str = OPERATOR, codes: CodeChange | None = None
) -> Rotated:
    """Change the keys. `KeyFault` and `StoreFault` say why not; nothing is lost, and it can be run again.

    Two rotations take turns.
    """
    return Rotation(store, key_file, at, by).carry_out(codes)


async def take_up_new_keys(store: Store, place: KeyPlace) -> None:
    """For the bot, which has the store's lock: whenever a command added new keys to those in use, seal everything under them."""
    faults, found = FaultLog("new keys not taken up"), b""
    while isinstance(place, Path):  # no other place can be written
        wait = LOOK_EVERY
        try:
            text = place.read_bytes()
            if text != found:
                await _take_up(store, place)
                found = text
        except StoreClosed:
            return
        except (StoreFault, KeyFault) as fault:
            faults.note(fault)
            wait = AGAIN
        except OSError:
            wait = AGAIN  # who opens the store next says so
        else:
            faults.over()
        await asyncio.sleep(wait)


async def _take_up(store: Store, place: Path) -> None:
    new = load_keys(place).following
    if new is not None and (own := await store.read(lambda tables: tables.keys.id)) != new.id:
        await store.change_keys(load_ring(place, own), new)
