"""Promise P7: nothing that a person wrote and nothing that names them is readable on the disk.

Every column of the database is encrypted, a keyed hash, or on a short list of columns that may be unencrypted.
"""

import base64
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.crypto.sealing import KeyRing, sealed_length
from bot.storage.passes import Pass, PassDecision, PassTurn
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import Decision, MonthlyCount, OwedDocument, Record, Reminder, Shared, Shown, SignIn
from bot.trail.chain import Entry
from dialogs.core.teams import Member, Team
from seraf.advice.contacts import Check
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.builders import NOON, coming, event, having
from tests.support.store.canaries import canary, found_in

pytestmark = pytest.mark.prove

CANARIES = times(1_200, 48)
PLACES = 18

CLEAR = {
    "meta": {"id", "key", "polled", "bot", "moved"},
    "people": {"card", "turn", "phase", "edition", "active", "has", "due", "shows", "born", "owed"},
    "case_keys": {"id"},
    "cases": {"key", "turn"},
    "case_people": {"kind", "until"},
    "inbound": {"at", "refused"},
    "litter": {"born"},
    "editions": {"fingerprint"},
    "tickets": {"until"},
    "audit_segments": {"month", "first", "count", "dropped"},
    "audit": {"number", "month"},
    "reminders": {"due"},
    "contacts": {"contact"},
    "monthly_counts": {"month"},
    "rehearsals": set(),
    "rooms": {"until"},
    "sign_ins": {"until"},
    "passes": {"until"},
    "restores": set(),
    "short_lived": {"until"},
    "ledger": {"id", "number"},
}
MARK_BYTES = 32


async def filled(path: Path, keys: KeyRing, *, rounds: int) -> tuple[list[str], bytes]:
    """Fill every column of a database with random words (canaries); return them, and the bytes of all its logs."""
    words, logs = [], []
    store = await open_sqlite(path, keys)
    for _ in range(rounds):
        fresh = [canary() for _ in range(PLACES)]
        words += fresh
        await fill_with(store, fresh, lambda: logs.append(path.with_name(f"{path.name}-wal").read_bytes()))
    await store.write(lambda t: t.editions.keep("fingerprint", b"instrument"))
    await store.write(lambda t: t.channel.mark_polled(NOON))
    await store.write(lambda t: t.restores.note(NOON))
    await store.write(
        lambda t: t.audit.append([Entry(NOON + timedelta(days=40 * each), "bot", "notice") for each in (1, 2)])
    )
    await store.write(lambda t: t.audit.drop_before("2024-06", now=NOON + timedelta(days=99)))
    await store.close()
    return words, b"".join(logs)


async def fill_with(store: Store, canaries: list[str], look: Callable[[], None]) -> None:
    person, case, profile, handle, own_message, access, code, opens, *others = canaries
    reference, reminded, pending, rehearsed, asked, room, counted, host, cookie, taken = others

    def put(record: Record, _: object = None) -> Decision:
        texts = having(replace(record, profile=profile, access=access, rehearsal=rehearsed), case, reference=pending)
        after = replace(texts, phase="asking", active=NOON, due=NOON)
        entry, reminder = Entry(NOON, reference[-8:], "begun", reference), Reminder(person, reminded, NOON)
        counts = (MonthlyCount("2024-05", "lead", opens),)
        document = OwedDocument(person, pending, pending[-8:], NOON)
        return Decision(after, (), (entry, reminder, document, *counts))

    def ask(record: Record, _: object = None) -> Decision:
        shared = Shared(room, counted, NOON + timedelta(days=1), (host,))
        return Decision(record, (), (OwedDocument(person, "", asked, NOON), shared))

    def fail(record: Record, _: object = None) -> Decision:
        look()
        raise ValueError(record.case)

    await store.write(lambda t: t.invitation_codes.issue(code, opens, until=NOON + timedelta(days=1)))
    await store.write(lambda t: t.sign_ins.keep(SignIn(code, person, NOON + timedelta(hours=1), opens)))
    await store.write(lambda t: t.short_lived.keep("tries", person, code, until=NOON + timedelta(hours=1)))
    await store.write(lambda t: t.teams.keep(Team(opens, (Member(code),))))
    await store.write(
        lambda t: t.contact_checks.keep(
            Check(reference[-8:], opens, NOON.date(), is_right=True), Entry(NOON, "operator", reference)
        )
    )
    await store.turns(
        [
            coming(
                f"{person}:1", code, lambda text: put if text == opens else fail, person=person, own_message=own_message
            )
        ]
    )
    await store.show(person, Shown(handle=handle, born=NOON, digest=person.encode(), sending=False))
    twice, once = event(f"{person}:2", put, person=person), event(f"{person}:3", ask, person=person)
    await store.turns([twice, once, event(f"{person}:4", fail, person=person)])
    guest = Pass(cookie, room, NOON + timedelta(days=1), 0, taken)
    await store.passes.turns([PassTurn(f"{person}:5", NOON, cookie, lambda *_: PassDecision(guest), room)])


async def test_no_canary_is_found_in_any_encoding(tmp_path: Path, promise: Promise) -> None:
    path = tmp_path / "store.db"

    words, logs = await filled(path, KeyRing.fresh(), rounds=-(-CANARIES // PLACES))

    assert len(logs) > 512
    assert found_in(path.read_bytes(), words) == []
    assert found_in(logs, words) == []
    promise.reached("P7", asked=CANARIES, reached=len(words), of="canaries found nowhere, in five encodings")


def test_the_search_finds_what_it_looks_for() -> None:
    word = canary()
    forms = [word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"), word.encode().hex().upper().encode()]
    forms += [base64.b64encode(b"x" * lead + word.encode() + b"yz") for lead in range(5)]

    assert [form for form in forms if not found_in(b"..." + form + b"...", [word])] == []


def unaccounted(database: sqlite3.Connection) -> list[str]:
    faults = []
    tables = database.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')").fetchall()
    for (table,) in tables:
        for _, column, *_ in database.execute(f"PRAGMA table_xinfo({table})").fetchall():
            values = [value for (value,) in database.execute(f"SELECT {column} FROM {table}").fetchall()]
            if column not in CLEAR.get(table, set()) and not (values and all(map(is_sealed_or_mark, values))):
                faults.append(f"{table}.{column}")
    return faults


def is_sealed_or_mark(value: object) -> bool:
    if not isinstance(value, bytes):
        return False
    sealed = value[:1] == b"\x01" and len(value) >= sealed_length(0) and (len(value) - 29) % 128 == 0
    return len(value) in (MARK_BYTES, 2 * MARK_BYTES) or sealed


async def test_every_column_is_sealed_or_on_the_short_list(tmp_path: Path) -> None:
    """The columns come from a filled database, so a new column fails this test until it is encrypted or listed."""
    path = tmp_path / "store.db"
    await filled(path, KeyRing.fresh(), rounds=3)

    database = sqlite3.connect(path)

    assert unaccounted(database) == []
    listed = {(table, column) for table, columns in CLEAR.items() for column in columns}
    there = {
        (table, column)
        for table in CLEAR
        for _, column, *_ in database.execute(f"PRAGMA table_info({table})").fetchall()
    }
    assert listed - there == set()
    database.close()
