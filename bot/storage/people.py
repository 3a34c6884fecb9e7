"""The rows of people and their assessments as SQL: sealed on the way in, unsealed on the way out.

It refuses to know transactions; whoever calls it has begun one.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.sealing import KeyRing, Sealer, place
from bot.storage.case_keys import CaseKey, erase_case_key, fresh_case_key, unwrap
from bot.storage.moments import from_micros, to_micros
from bot.storage.turns import first_record
from bot.storage.values import NOTHING_SHOWN, Record, Shown

FIND = """SELECT card, turn, profile, phase, edition, active, shows, shown, cases.key, cases.body, case_keys.wrapped
    FROM people LEFT JOIN cases ON cases.mark = people.mark LEFT JOIN case_keys ON case_keys.id = cases.key
    WHERE people.mark = ?"""
ADD = """INSERT INTO people (mark, person, card, turn, profile, phase, edition, active, shows, shown, owed)
    VALUES (?, ?, ?, 0, ?, ?, ?, ?, 0, ?, 0)"""
DECIDE = """UPDATE people SET card = ?, turn = ?, profile = ?, phase = ?, edition = ?, active = ?, owed = 1
    WHERE mark = ?"""
SHOW = "UPDATE people SET shows = ?, shown = ?, owed = ? WHERE mark = ?"
SHOWS = "SELECT shows FROM people WHERE mark = ?"
BODY = "INSERT INTO cases (mark, key, body) VALUES (?, ?, ?) ON CONFLICT (mark) DO UPDATE SET body = excluded.body"
ACTIVE = "SELECT mark, person, active FROM people WHERE active >= ?"
STALE = ACTIVE + " AND owed = 1"


@dataclass(frozen=True, slots=True)
class Row:
    """A person's row, opened; `turn` is the one that its values are sealed to."""

    record: Record
    shown: Shown
    turn: int
    key: CaseKey | None = field(repr=False)


class People:
    """Finds, keeps and erases the rows of people under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._sealer = Sealer(keys.seal)

    def find(self, database: sqlite3.Connection, person: str) -> Row | None:
        """The person's row; None for somebody without one."""
        mark = self._mark(person)
        found = database.execute(FIND, (mark,)).fetchone()
        if found is None:
            return None
        card, turn, profile, phase, edition, active, shows, shown, key_id, body, wrapped = found
        key = None if key_id is None else CaseKey(key_id, unwrap(self._sealer, mark, key_id, wrapped))
        record = Record(
            person=person,
            card=card,
            profile=self._sealer.unseal(profile, place("people", "profile", mark, turn)).decode(),
            case=None if key is None else key.sealer.unseal(body, place("cases", "body", mark, turn)).decode(),
            phase=phase,
            edition=edition,
            active=None if active is None else from_micros(active),
        )
        read = _read_shown(self._sealer.unseal(shown, place("people", "shown", mark, shows)))
        return Row(record, read, turn, key)

    def meet(self, database: sqlite3.Connection, person: str) -> Row:
        """A new row for somebody met for the first time."""
        mark = self._mark(person)
        record = first_record(person)
        name = self._sealer.seal(person.encode(), place("people", "person", mark))
        profile = self._sealer.seal(record.profile.encode(), place("people", "profile", mark))
        shown = self._sealer.seal(_write_shown(NOTHING_SHOWN), place("people", "shown", mark))
        database.execute(ADD, (mark, name, record.card, profile, record.phase, record.edition, None, shown))
        return Row(record, NOTHING_SHOWN, 0, None)

    def decide(self, database: sqlite3.Connection, row: Row, after: Record) -> None:
        """Keep what a turn made of a row, sealed to the next turn; a case that is gone takes its key with it."""
        mark = self._mark(after.person)
        turn = row.turn + 1
        profile = self._sealer.seal(after.profile.encode(), place("people", "profile", mark, turn))
        active = None if after.active is None else to_micros(after.active)
        database.execute(DECIDE, (after.card, turn, profile, after.phase, after.edition, active, mark))
        if after.case is not None:
            key = row.key or fresh_case_key(database, self._sealer, mark)
            body = key.sealer.seal(after.case.encode(), place("cases", "body", mark, turn))
            database.execute(BODY, (mark, key.id, body))
        elif row.key is not None:
            erase_case_key(database, row.key)

    def show(self, database: sqlite3.Connection, person: str, shown: Shown) -> None:
        """Keep what the chat of a person shows; the row is made when there is none."""
        mark = self._mark(person)
        found = database.execute(SHOWS, (mark,)).fetchone()
        if found is None:
            self.meet(database, person)
        shows = 1 if found is None else found[0] + 1
        sealed = self._sealer.seal(_write_shown(shown), place("people", "shown", mark, shows))
        database.execute(SHOW, (shows, sealed, 0 if shown.delivered else 1, mark))

    def names(self, rows: Iterable[tuple[bytes, bytes, int]]) -> list[tuple[int, str]]:
        """When each of these people was active, and who they are."""
        return [
            (active, self._sealer.unseal(name, place("people", "person", mark)).decode()) for mark, name, active in rows
        ]

    def _mark(self, person: str) -> bytes:
        return self._keys.mark("person", person)


def _write_shown(shown: Shown) -> bytes:
    born = None if shown.born is None else to_micros(shown.born)
    return json.dumps([shown.handle, born, shown.digest.hex(), shown.sending]).encode()


def _read_shown(written: bytes) -> Shown:
    handle, born, digest, sending = json.loads(written)
    moment = None if born is None else from_micros(born)
    return Shown(handle=handle, born=moment, digest=bytes.fromhex(digest), sending=sending)
