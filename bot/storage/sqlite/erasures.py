"""Whether a transaction erased something that must be out of every file before anybody says that it is gone."""

import sqlite3

from bot.storage.sqlite.database.own_triggers import NAMED

NOTE = "seraf_erased"

ERASING = (
    *(("DELETE", table, "") for table in ("case_keys", "rehearsals", "reminders", "rooms", "tickets")),
    ("UPDATE OF body", "standings", "WHEN length(NEW.body) < length(OLD.body)"),
)
"""A case goes with its key. A standing that became shorter is that of somebody who was removed, or was barred no more."""


class Erasures:
    """Is told of what a connection erases, by triggers of the connection's own, so that no write is forgotten."""

    def __init__(self) -> None:
        self._are_noted = False

    def attach(self, database: sqlite3.Connection) -> None:
        """Be told from now on."""
        database.create_function(NOTE, 0, self._note)
        for number, (changes, table, when) in enumerate(ERASING):
            database.execute(
                f"CREATE TEMP TRIGGER IF NOT EXISTS {NAMED}erased_{number} AFTER {changes} ON main.{table} {when}"
                f" BEGIN SELECT {NOTE}(); END"
            )

    def took_place(self) -> bool:
        """Whether something was erased since this was asked last. What was undone meanwhile counts too, and does no harm."""
        noted, self._are_noted = self._are_noted, False
        return noted

    def _note(self) -> None:
        self._are_noted = True
