"""Contract of checks of telephone numbers: the latest check of each number is stored, with an entry in the audit."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from bot.runtime.errors import StoreFault
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.tables import Tables
from bot.trail.chain import Entry
from seraf.advice.contacts import Check
from tests.support.store.builders import KEYS, NOON

ART = Check("art", "01632 960000 é", date(2026, 3, 4), is_right=True)
EDT = Check("edt", "101", date(2026, 2, 28), is_right=False)
SAID = Entry(NOON, "operator", "contact-confirmed", "art")


class TestChecks:
    async def test_the_latest_check_of_each_contact_is_stored(self, store: Store) -> None:
        later = Check("art", "01632 960001", date(2026, 1, 1), is_right=False)

        def keep(tables: Tables) -> None:
            for check in (EDT, ART, later):
                tables.contact_checks.keep(check, SAID)

        await store.write(keep)

        assert await store.read(lambda t: t.contact_checks.latest()) == (later, EDT)

    async def test_a_check_is_entered_in_the_audit(self, store: Store) -> None:
        await store.write(lambda t: t.contact_checks.keep(ART, SAID))
        await store.write(lambda t: t.contact_checks.keep(EDT, Entry(NOON, "operator", "contact-unconfirmed", "edt")))

        assert [entry.reference for entry in await store.read(lambda t: t.audit.entries())] == ["art", "edt"]


async def test_a_check_that_was_moved_to_another_contact_does_not_open(tmp_path: Path) -> None:
    store = await open_sqlite(tmp_path / "store.db", KEYS)
    await store.write(lambda t: t.contact_checks.keep(ART, SAID))
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("UPDATE contacts SET contact = 'edt'")
    other.close()

    with pytest.raises(StoreFault, match="changed"):
        await store.read(lambda t: t.contact_checks.latest())
    await store.close()
