"""What is wrong with a backup, in plain sentences: everything in it is looked at, and nothing of it is put anywhere."""

import hmac
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from bot.access.account import Account, read_account
from bot.access.admission import had_administrator
from bot.crypto.keys import Keychain
from bot.crypto.sealing import KeyRing
from bot.operations.backup.file_format import Backup, Manifest
from bot.runtime.errors import KeyFault, SerafError, SettingsFault, StoreFault, StoreUnavailable
from bot.storage.session import fault
from bot.storage.sqlite.examining import damage, in_step, loaded, row_counts, strange_parts
from bot.storage.sqlite.opening import tables_over
from bot.storage.sqlite.preparing import binding, own_key, version
from bot.trail.audit import look_at, verify_trail
from bot.trail.chain import Head, head_of
from dialogs.core.role import Role


@dataclass(frozen=True, slots=True)
class Examined:
    """How many sealed values opened, every finding in a plain sentence, who was admitted, and whether anybody ever administered."""

    opened: int
    findings: tuple[str, ...]
    people: tuple[Account, ...] = ()
    had_administrator: bool = False


def examine(backup: Backup, chain: Keychain, *, unproven: bool = False) -> Examined:
    """Look at everything in a backup, in memory. Raise `KeyFault` if it was made with another key file.

    One without a proof, as earlier releases made them, passes only where that is said (`unproven`).
    """
    keys = ring_of(backup.manifest, chain)
    doubts = tuple(_doubts(backup, keys, unproven=unproven))
    try:
        with closing(loaded(backup.database)) as database:
            looked = looked_through(database, backup.manifest, keys)
            findings = (*doubts, *looked.findings)
            return Examined(looked.opened, findings) if findings else _with_people(looked.opened, database, keys)
    except StoreFault as fault:
        return Examined(0, (*doubts, str(fault)))


def ring_of(manifest: Manifest, chain: Keychain) -> KeyRing:
    """Return the keys that a backup was made with; raise `KeyFault` if they are not here."""
    keys = chain.ring(manifest.key)
    if keys is None:
        raise KeyFault(
            f"The backup was made under the key file “{manifest.key}”, and here is “{chain.current.id}”: set"
            f" SERAF_KEY_FILE to a copy of “{manifest.key}”, or, if the keys were rotated since, use a later backup."
        )
    return keys


def looked_through(database: sqlite3.Connection, manifest: Manifest, keys: KeyRing) -> Examined:
    """Return how many sealed values of a copy open, and everything that is wrong with it; it is brought up to this version."""
    try:
        found = tuple(_first_look(database, manifest, keys=keys))
        if found:
            return Examined(0, found)
        opened, wrong = in_step(database, keys)
        return Examined(opened, (*wrong, *_audit(database, keys, manifest=manifest)))
    except (SerafError, sqlite3.Error) as error:
        met = fault(error) if isinstance(error, sqlite3.Error) else error
        if isinstance(met, StoreUnavailable):  # no room to look, or a disk that fails: nothing is wrong with the copy
            raise met from None
        return Examined(0, (str(error) if isinstance(error, StoreFault) else "SQLite finds it damaged.",))


def _doubts(backup: Backup, keys: KeyRing, *, unproven: bool) -> Iterator[str]:
    """Yield a doubt unless its maker had the key file."""
    if hmac.compare_digest(backup.proof, backup.proven(keys)) or (unproven and not backup.proof):
        return
    if backup.proof:
        yield "Its proof does not fit: it was changed, or put together, by somebody without the key file."
    else:
        yield (
            "Nothing proves that this bot made it: an earlier release did, or somebody without the key file. If you know"
            " where it comes from: --unproven."
        )


def _first_look(database: sqlite3.Connection, manifest: Manifest, *, keys: KeyRing) -> Iterator[str]:
    """Yield faults of the database itself: its pages, and its rows by the note. It is then migrated to this version."""
    yield from damage(database)
    found = row_counts(database)
    for table in sorted(found.keys() | manifest.rows.keys()):
        if found.get(table) != manifest.rows.get(table):
            yield f"It has {found.get(table, 'no')} rows of {table}; {manifest.rows.get(table, 'none')} were noted."
    if version(database) != manifest.schema or own_key(database) != manifest.key:
        yield "Its schema or its key is not the one that was noted."
    yield from strange_parts(database, keyed=binding(lambda _: keys))


def _audit(database: sqlite3.Connection, keys: KeyRing, *, manifest: Manifest) -> Iterator[str]:
    trail = tables_over(database, keys).audit.unread()
    try:
        yield from verify_trail(keys, trail, anchor=Head.parse(manifest.head))
    except SettingsFault:
        yield "The audit's head was not noted as it should be."
    if str(head_of(trail)) != manifest.head:
        yield f"Its audit ends with {head_of(trail)}; noted was {manifest.head}."


def _with_people(opened: int, database: sqlite3.Connection, keys: KeyRing) -> Examined:
    """Return what was found of a whole backup, with everybody who was admitted when it was made."""
    tables = tables_over(database, keys)
    tables.ledger.follow()
    standings = [read_account(row.record.access) for row in tables.people.everyone()]
    people = tuple(each for each in standings if isinstance(each, Account))
    if any(each.admission.role is Role.ADMIN for each in people):  # the audit, which may be long, need not be asked
        return Examined(opened, (), people, had_administrator=True)
    audit = look_at(keys, tables.audit.unread())
    return Examined(opened, (), people, had_administrator(standings, audit))
