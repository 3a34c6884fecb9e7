"""Messages still to be removed, as SQL: whose they are and which is sealed, only their birth is not."""

import json
import sqlite3

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.clock import from_micros, to_micros
from bot.storage.shown import MessageToRemove
from bot.storage.turn_rules import oldest_first

# The table has the name of the first release; another name would be a migration of every database.
KEEP = "INSERT INTO litter (mark, message, born, whose) VALUES (?, ?, ?, ?) ON CONFLICT (mark) DO NOTHING"
EVERYTHING = "SELECT mark, message, born FROM litter"


class MessageToRemoveRows:
    """Keeps, lists and forgets messages under one key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._sealer = Sealer(keys.seal)

    def keep(self, database: sqlite3.Connection, message: MessageToRemove) -> None:
        """Keep a message; the first word on it stands."""
        mark = self._mark(message.person, message.handle)
        written = json.dumps([message.person, message.handle, message.is_own, message.is_kept]).encode()
        sealed = self._sealer.seal(written, place("litter", "message", row=mark))
        database.execute(KEEP, (mark, sealed, to_micros(message.born), self._whose(message.person)))

    def forget(self, database: sqlite3.Connection, person: str, *, handle: str) -> None:
        """Forget a message that has been removed."""
        database.execute("DELETE FROM litter WHERE mark = ?", (self._mark(person, handle),))

    def everything(self, database: sqlite3.Connection) -> tuple[MessageToRemove, ...]:
        """Every message, oldest first."""
        rows = database.execute(EVERYTHING).fetchall()
        return oldest_first(self._opened(mark, message, born=born) for mark, message, born in rows)

    def of(self, database: sqlite3.Connection, person: str) -> tuple[MessageToRemove, ...]:
        """Every message in this person's chat, oldest first."""
        rows = database.execute(f"{EVERYTHING} WHERE whose = ?", (self._whose(person),)).fetchall()
        # The hash by which they are found is in no seal and no sum: whose a message is, the
        # sealed value says.
        found = [self._opened(mark, message, born=born) for mark, message, born in rows]
        return oldest_first(each for each in found if each.person == person)

    def _opened(self, mark: bytes, message: bytes, *, born: int) -> MessageToRemove:
        person, handle, *more = json.loads(self._sealer.unseal(message, place("litter", "message", row=mark)))
        # Earlier releases wrote one or both of these not yet.
        is_own, is_kept = (*more, False, False)[:2]
        return MessageToRemove(person=person, handle=handle, born=from_micros(born), is_own=is_own, is_kept=is_kept)

    def _mark(self, person: str, handle: str) -> bytes:
        return self._keys.mark("litter", person, handle)

    def _whose(self, person: str) -> bytes:
        return self._keys.mark("person", person)
