"""Sign-ins as SQL: found by a keyed hash of the browser's secret, which is kept nowhere; whose they are is sealed."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.storage.sign_in import MOST_BROWSERS, SignIn, SignOff
from bot.storage.sqlite.ledger.bound_tables import SIGN_INS
from bot.storage.sqlite.ledger.ledger import Ledger

KEEP = """INSERT INTO sign_ins (mark, body, until) VALUES (?, ?, ?)
    ON CONFLICT (mark) DO UPDATE SET body = excluded.body, until = excluded.until"""
EVERYTHING = "SELECT mark, body FROM sign_ins ORDER BY until, mark"
END = "DELETE FROM sign_ins WHERE mark = ?"


class SignInRows:
    """Keeps, finds and ends sign-ins under one key ring."""

    def __init__(self, keys: KeyRing, ledger: Ledger) -> None:
        self._keys = keys
        self._ledger = ledger
        self._sealer = Sealer(keys.seal)

    def keep(self, database: sqlite3.Connection, sign_in: SignIn) -> None:
        """Keep a sign-in; of one person so many at a time, and the first to end goes for one more."""
        mark, until = self._mark(sign_in.secret), to_micros(sign_in.until)
        written = json.dumps([sign_in.person, sign_in.at_provider, until]).encode()
        database.execute(KEEP, (mark, self._sealer.seal(written, _place(mark)), until))
        # They come in the order of their ends, so the first to end are those that are cut off.
        theirs = [other for other, each in self._everything(database) if each.person == sign_in.person]
        self._end(database, theirs[:-MOST_BROWSERS])

    def find(self, database: sqlite3.Connection, secret: str, *, now: datetime) -> SignIn | None:
        """The sign-in of this secret; None where there is none, or its time is over.

        `StoreFault` where any sign-in was put back or taken away: none counts then.
        """
        self._ledger.demand_table(database, SIGN_INS.name)
        mark = self._mark(secret)
        found = database.execute("SELECT body FROM sign_ins WHERE mark = ?", (mark,)).fetchone()
        sign_in = None if found is None else self._opened(mark, found[0], secret=secret)
        return sign_in if sign_in is not None and now < sign_in.until else None

    def sign_off(self, database: sqlite3.Connection, said: SignOff) -> None:
        """End what a sign-off ends."""
        self._end(database, [mark for mark, each in self._everything(database) if said.ends(each)])

    def forget_of(self, database: sqlite3.Connection, person: str) -> None:
        """End every sign-in of a person."""
        self._end(database, [mark for mark, each in self._everything(database) if each.person == person])

    def forget_expired(self, database: sqlite3.Connection, now: datetime) -> int:
        """Forget the sign-ins whose time is over, and say how many."""
        return database.execute("DELETE FROM sign_ins WHERE until <= ?", (to_micros(now),)).rowcount

    def _everything(self, database: sqlite3.Connection) -> list[tuple[bytes, SignIn]]:
        return [(mark, self._opened(mark, body)) for mark, body in database.execute(EVERYTHING).fetchall()]

    def _end(self, database: sqlite3.Connection, marks: Iterable[bytes]) -> None:
        database.executemany(END, [(mark,) for mark in marks])

    def _opened(self, mark: bytes, body: bytes, *, secret: str = "") -> SignIn:
        person, at_provider, until = json.loads(self._sealer.unseal(body, _place(mark)))
        return SignIn(secret, person, from_micros(until), at_provider)

    def _mark(self, secret: str) -> bytes:
        # Lasting, since only the browser has the secret: a rotation of the keys could not hash it anew.
        return self._keys.lasting("sign-in", secret)


def end_all(database: sqlite3.Connection) -> None:
    """End every sign-in of everybody."""
    database.execute("DELETE FROM sign_ins")


def _place(mark: bytes) -> bytes:
    return place("sign_ins", "body", row=mark)
