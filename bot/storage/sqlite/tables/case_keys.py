"""The key of an assessment: random, its own, kept only wrapped; erasing it is erasing the assessment."""

import secrets
import sqlite3
from dataclasses import dataclass, field

from bot.crypto.sealing import KEY_BYTES, Sealer, place

ID_BITS = 63


@dataclass(frozen=True, slots=True)
class CaseKey:
    """A key ready for use, and the name of its row."""

    id: int
    sealer: Sealer = field(repr=False)


def fresh_case_key(database: sqlite3.Connection, master: Sealer, *, mark: bytes) -> CaseKey:
    """A new key, kept wrapped for this person's row and no other.

    Its name is random and not a count, so that no name is used twice and none tells how many there have been.
    """
    key_id = secrets.randbits(ID_BITS)
    key = secrets.token_bytes(KEY_BYTES)
    wrapped = master.seal(key, _place(mark, key_id))
    database.execute("INSERT INTO case_keys (id, wrapped) VALUES (?, ?)", (key_id, wrapped))
    return CaseKey(key_id, Sealer(key))


def unwrap(master: Sealer, mark: bytes, *, key_id: int, wrapped: bytes) -> Sealer:
    """The sealer of an assessment; `StoreFault` when the key was wrapped for another row."""
    return Sealer(master.unseal(wrapped, _place(mark, key_id)))


def erase_case(database: sqlite3.Connection, mark: bytes) -> None:
    """Delete a person's case with its key, and the documents of it that are pending; nothing where they have no case."""
    # By name, and not by the foreign keys: what they take along nobody counts who does not ask the database.
    database.execute("DELETE FROM parcels WHERE mark = ?", (mark,))
    for (key,) in database.execute("DELETE FROM cases WHERE mark = ? RETURNING key", (mark,)).fetchall():
        database.execute("DELETE FROM case_keys WHERE id = ?", (key,))


def _place(mark: bytes, key_id: int) -> bytes:
    return place("case_keys", "wrapped", row=mark, turn=key_id)
