"""Tests of a rotation of the keys: the old keys open nothing, all data is unchanged, and taps during it are kept."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.crypto.keys import Keychain, load_key_file, load_keys, load_ring, replace_key_file, successor
from bot.crypto.sealing import KeyRing
from bot.operations.backup.file_format import identities_of, read_backup
from bot.operations.backup.service import examine, take
from bot.operations.rotation import rotate_keys
from bot.runtime.errors import KeyFault, StoreFault
from bot.storage.session import SqliteSession, fault
from bot.storage.sqlite.examining import copied_to_memory, row_counts
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.sqlite.preparing import known_migrations, migrate
from bot.storage.sqlite.resealing import COLUMNS, MARKED, NAMES, open_everything, reseal, values
from bot.storage.store import Store
from bot.storage.tables.admission import TRIES
from bot.storage.values import Done
from tests.bot.operations.test_rotation_crashes import run as rotate_apart
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.as_bot import as_bot, rotated
from tests.support.store.keeping import FAR, NOON, Keep, erase, person, put
from tests.support.store.tapping import tap_until

NOT_SEALED = {
    "litter.whose",
    "case_people.kase",
    "case_people.person",
    "audit.link",
    "audit_segments.start",
    "audit_segments.head",
}
"""Byte columns that contain keyed hashes and are not encrypted, apart from the `mark` of every table."""


def marks(database: sqlite3.Connection) -> set[bytes]:
    whose = {mark for (mark,) in database.execute("SELECT whose FROM litter")}
    return whose | {mark for table, name in MARKED for (mark,) in database.execute(f"SELECT {name} FROM {table}")}


def pieces(path: Path, database: sqlite3.Connection) -> list[bytes]:
    sealed = [value.sealed for value in values(SqliteSession(database), COLUMNS)]
    found = [each[13:45] for each in sealed if isinstance(each, bytes)] + sorted(marks(database))
    content = path.read_bytes()
    return [piece for piece in found if piece in content]


async def test_everything_is_as_it_was_under_other_keys(keep: Keep) -> None:
    old, before = load_key_file(keep.key_file), await keep.everything()
    with copied_to_memory(keep.store) as database:
        counts = dict(row_counts(database))

    done = rotate_keys(keep.place, keep.key_file, at=NOON)

    chain = load_keys(keep.key_file)
    assert await keep.everything() == before
    with copied_to_memory(keep.store) as database:
        assert row_counts(database) == counts | {"audit": counts["audit"] + 1}
        assert done.values == open_everything(SqliteSession(database), chain.current).opened
    assert (await keep.words())[-1] == "keys-rotated"
    assert chain.following is None
    assert (chain.current.carry, chain.current.pepper) == (old.carry, old.pepper)
    assert {old.id, old.seal, old.lookup} & {chain.current.id, chain.current.seal, chain.current.lookup} == set()
    assert [path.name for path in sorted(keep.folder.iterdir())] == [
        "seraf.key",
        "seraf.sqlite",
        "seraf.sqlite.lock",
        "seraf.sqlite.log.lock",
    ]


async def test_the_old_key_opens_nothing_afterwards(keep: Keep) -> None:
    old = load_key_file(keep.key_file)
    with copied_to_memory(keep.store) as database:
        before, found = open_everything(SqliteSession(database), old), marks(database)

    rotate_keys(keep.place, keep.key_file, at=NOON)

    with pytest.raises(KeyFault, match="another key file"):
        await open_sqlite(keep.store, old)
    with copied_to_memory(keep.store) as database:
        after = open_everything(SqliteSession(database), old)
        assert (before.closed, after.opened, sum(after.closed.values())) == ({}, 0, before.opened + 1)
        assert marks(database) & (found | {old.mark("person", person(number)) for number in range(3)}) == set()
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_no_old_byte_is_left_in_the_file(tmp_path: Path) -> None:
    keep = Keep.made(tmp_path / "var")
    await keep.fill(times(600, 80), word="word " * 40)
    with copied_to_memory(keep.store) as database:
        before = pieces(keep.store, database)

    rotate_keys(keep.place, keep.key_file, at=NOON)

    content = keep.store.read_bytes()
    assert len(before) > 1_000
    assert [piece for piece in before if piece in content] == []


async def test_an_erased_case_is_gone_from_older_backups(keep: Keep) -> None:
    old_file = keep.key_file.read_bytes()
    taken = take(keep.settings, None, at=NOON)
    backup = read_backup(taken.path, identities_of(keep.identity))
    store = await keep.opened()
    await store.turns([erase(1)])
    await store.close()
    assert examine(backup, load_keys(keep.key_file)).findings == ()

    rotate_keys(keep.place, keep.key_file, at=NOON)

    with pytest.raises(KeyFault, match="rotated since"):
        examine(backup, load_keys(keep.key_file))
    database = sqlite3.connect(":memory:")
    database.deserialize(backup.database)
    assert open_everything(SqliteSession(database), load_key_file(keep.key_file)).opened == 0
    assert old_file != keep.key_file.read_bytes()


@pytest.mark.prove
async def test_taps_during_a_rotation_are_not_lost(tmp_path: Path) -> None:
    keep = Keep.made(tmp_path / "var")
    store, over = await keep.opened(), asyncio.Event()
    tapping = asyncio.create_task(tap_until(store, over))

    async with as_bot(keep, store):
        for _ in range(times(100, 2)):
            await asyncio.to_thread(rotate_keys, keep.place, keep.key_file, at=NOON)
            await asyncio.sleep(0.01)
        assert await rotate_apart(keep) == 0
    over.set()
    taps = await tapping

    recalled = await store.recall(person(0))
    assert recalled is not None
    assert (recalled[0].card, len(await store.read(lambda t: t.messages_to_remove.oldest_first()))) == (taps, taps)
    assert taps > 4
    await store.close()
    assert (await keep.everything())["everyone"] == ((replace(recalled[0], case=None), recalled[1]),)


async def test_every_read_and_write_works_after_a_rotation(keep: Keep) -> None:
    before = await keep.everything()
    asked: dict[str, Callable[[Store], Awaitable[object]]] = {
        "everyone": lambda store: store.everyone(),
        "messages": lambda store: store.read(lambda t: t.messages_to_remove.oldest_first()),
        "messages of one": lambda store: store.read(lambda t: t.messages_to_remove.of(person(0))),
        "editions": lambda store: store.read(lambda t: t.editions.by_fingerprint()),
        "reminders": lambda store: store.read(lambda t: t.reminders.due(FAR)),
        "checks": lambda store: store.read(lambda t: t.contact_checks.latest()),
        "counts": lambda store: store.read(lambda t: t.monthly_counts.by_month()),
        "teams": lambda store: store.read(lambda t: t.teams.everyone()),
        "documents": lambda store: store.read(lambda t: t.documents.owed()),
        "polled": lambda store: store.read(lambda t: t.channel.polled_at()),
    }

    for name, ask in asked.items():
        store = await keep.opened()
        await rotated(keep, store)
        assert await ask(store) == before[name]
        await store.close()
    for is_trail in (False, True):
        store = await keep.opened()
        await rotated(keep, store)
        assert await (store.read(lambda t: t.audit.trail()) if is_trail else store.read(lambda t: t.audit.entries()))
        await store.close()


async def test_an_event_a_code_and_its_tries_from_before_are_known_after(keep: Keep) -> None:
    store = await keep.opened()
    for _ in range(TRIES):
        assert await store.write(lambda t: t.tries.may_try(person(0), NOON))
    await rotated(keep, store)

    (again,) = await store.turns([put(0, "once more")])

    assert not await store.write(lambda t: t.tries.may_try(person(0), NOON))

    assert not isinstance(again, Done)
    found = await store.read(lambda t: t.invitation_codes.opened("word-code", NOON))
    assert found == "ticket word"
    await store.close()


async def test_a_store_without_its_key_file_stops(keep: Keep) -> None:
    store = await open_sqlite(keep.store, load_key_file(keep.key_file))
    chain = Keychain(load_key_file(keep.key_file), successor(load_key_file(keep.key_file)))
    assert chain.following is not None
    await store.change_keys(chain.current, chain.following)

    with pytest.raises(StoreFault, match="Start it again"):
        await store.turns([put(0, "more", key="more")])

    await store.close()


async def test_a_running_store_waits_for_its_key_file(keep: Keep) -> None:
    store = await keep.opened()
    chain = Keychain(load_key_file(keep.key_file), successor(load_key_file(keep.key_file)))
    assert chain.following is not None
    replace_key_file(keep.key_file, chain)
    await store.change_keys(chain.current, chain.following)
    keep.key_file.chmod(0o644)

    with pytest.raises(StoreFault, match="open to others"):
        await store.turns([put(0, "more", key="more")])

    keep.key_file.chmod(0o600)
    assert isinstance((await store.turns([put(0, "more", key="more")]))[0], Done)
    await store.close()


async def test_two_rotations_at_once_take_turns(keep: Keep) -> None:
    before = await keep.everything()

    await asyncio.gather(*(asyncio.to_thread(rotate_keys, keep.place, keep.key_file, at=NOON) for _ in range(4)))

    assert await keep.everything() == before
    assert load_keys(keep.key_file).following is None


async def test_a_rotation_that_began_is_finished_with_the_secrets_it_began_with(keep: Keep) -> None:
    current = load_key_file(keep.key_file)
    coming = successor(current)
    replace_key_file(keep.key_file, Keychain(current, coming))

    done = rotate_keys(keep.place, keep.key_file, at=NOON)

    assert done.key == coming.id
    assert load_keys(keep.key_file) == Keychain(coming)


async def test_a_resealed_database_opens_while_the_key_file_holds_both_keys(keep: Keep) -> None:
    both, before = (
        Keychain(load_key_file(keep.key_file), successor(load_key_file(keep.key_file))),
        await keep.everything(),
    )
    replace_key_file(keep.key_file, both)
    rotate_keys(keep.place, keep.key_file, at=NOON)
    replace_key_file(keep.key_file, both)
    assert await keep.everything() == before

    done = rotate_keys(keep.place, keep.key_file, at=NOON)

    assert (done.key, done.was_begun) == (load_key_file(keep.key_file).id, True)
    assert load_keys(keep.key_file) == Keychain(load_ring(keep.key_file, done.key))
    assert await keep.everything() == before


@pytest.mark.parametrize(
    ("step", "is_sealed"), [("storage.sqlite.resealing.reseal", False), ("storage.sqlite.opening.pack", True)]
)
async def test_a_rotation_that_meets_a_full_disk_is_finished_by_the_next(
    keep: Keep, monkeypatch: pytest.MonkeyPatch, step: str, is_sealed: bool
) -> None:
    """After an interrupted rotation both sets of keys are kept, because the file may hold values under either."""

    def full(*_: object, **__: object) -> None:
        raise fault(refused) if is_sealed else refused

    refused, old = sqlite3.OperationalError(), load_key_file(keep.key_file)
    refused.sqlite_errorcode = sqlite3.SQLITE_FULL
    with monkeypatch.context() as patch:
        patch.setattr(f"bot.{step}", full)
        with pytest.raises(StoreFault, match="disk under the database is full") as failed:
            rotate_keys(keep.place, keep.key_file, at=NOON)
    assert "has the keys of before and new ones until this is finished" in str(failed.value)
    assert "run it again: seraf-bot keys rotate" in str(failed.value)
    following = load_keys(keep.key_file).following
    assert following is not None
    store = await keep.opened()
    assert await store.read(lambda t: t.keys.id) == (following if is_sealed else old).id
    assert isinstance((await store.turns([put(5, "more", key="more")]))[0], Done)
    await store.close()
    before = await keep.everything()

    done = rotate_keys(keep.place, keep.key_file, at=NOON)

    assert done.key == following.id != old.id
    assert done.was_begun
    assert load_keys(keep.key_file) == Keychain(following)
    assert await keep.everything() == before


async def test_a_value_that_does_not_open_stops_the_rotation(keep: Keep) -> None:
    other = sqlite3.connect(keep.store)
    with other:
        other.execute("UPDATE reminders SET body = zeroblob(157) WHERE rowid = 2")
    other.close()

    with pytest.raises(StoreFault, match="reminders of reviews"):
        rotate_keys(keep.place, keep.key_file, at=NOON)

    store = await keep.opened()
    assert len(await store.everyone()) == 3
    await store.close()


async def test_an_unwritable_folder_is_reported_before_any_change(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise PermissionError(13, "Permission denied")

    before, key_file = keep.store.read_bytes(), keep.key_file.read_bytes()
    monkeypatch.setattr("bot.crypto.keys.replace_private", refuse)

    with pytest.raises(KeyFault, match="could not be written: Permission denied"):
        rotate_keys(keep.place, keep.key_file, at=NOON)

    assert (keep.store.read_bytes(), keep.key_file.read_bytes()) == (before, key_file)


async def test_a_key_file_behind_a_link_stays_behind_it(keep: Keep) -> None:
    real = keep.folder / "secrets"
    keep.key_file.rename(real)
    keep.key_file.symlink_to(real)

    done = rotate_keys(keep.place, keep.key_file, at=NOON)

    assert keep.key_file.is_symlink()
    assert load_key_file(real).id == done.key


async def test_without_a_database_there_is_nothing_to_rotate(tmp_path: Path) -> None:
    keep = Keep.made(tmp_path / "var")

    with pytest.raises(StoreFault, match="no database"):
        rotate_keys(keep.place, keep.key_file, at=NOON)

    assert not keep.store.exists()


def fresh_schema() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", isolation_level=None)
    migrate(database, known_migrations())
    return database


def bytes_in(database: sqlite3.Connection) -> set[str]:
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    columns = {
        f"{table}.{column}"
        for table in tables
        for _, column, kind, *_ in database.execute(f"PRAGMA table_xinfo({table})")
        if kind == "BLOB" and column != "mark"
    }
    return columns - NOT_SEALED


def test_every_sealed_column_is_walked() -> None:
    """The test reads the columns from the schema, so it fails for a new byte column that a rotation would miss."""
    database = fresh_schema()

    assert {column.name for column in COLUMNS} == bytes_in(database)
    database.execute("ALTER TABLE people ADD COLUMN nickname BLOB")
    assert {column.name for column in COLUMNS} != bytes_in(database)


def test_every_keyed_hash_that_changes_is_rewritten() -> None:
    database = fresh_schema()
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    marked = {table for table in tables for row in database.execute(f"PRAGMA table_xinfo({table})") if row[1] == "mark"}

    assert {table for table, _ in MARKED} == marked - {
        "inbound",
        "tickets",
        "sign_ins",
        "passes",
        "restores",
        "short_lived",
    }
    assert {name.column for name in NAMES} <= {column.name for column in COLUMNS}


async def test_a_case_without_its_key_is_not_resealed(keep: Keep) -> None:
    database = copied_to_memory(keep.store)
    database.execute("DELETE FROM standings WHERE rowid = 1")
    database.execute("UPDATE case_keys SET id = id + 1 WHERE rowid = (SELECT min(id) FROM case_keys)")
    keys = load_key_file(keep.key_file)

    assert open_everything(SqliteSession(database), keys).closed == {"cases.body": 1, "case_keys.wrapped": 1}
    with pytest.raises(StoreFault, match=r"cases\.body"):
        reseal(SqliteSession(database), keys, new=KeyRing.fresh())


def test_secrets_to_come_are_read_back(keep_file: Path) -> None:
    both = Keychain(load_key_file(keep_file), successor(load_key_file(keep_file)))

    replace_key_file(keep_file, both)

    assert load_keys(keep_file) == both
    assert load_key_file(keep_file) == both.current
    assert set(json.loads(keep_file.read_text())["next"]) == {"id", "seal", "lookup"}
    assert both.following is not None
    assert load_ring(keep_file, both.following.id) == both.following
    with pytest.raises(KeyFault, match="its own is named “other”"):
        load_ring(keep_file, "other")


@pytest.fixture
def keep_file(tmp_path: Path) -> Path:
    return Keep.made(tmp_path / "var").key_file


@pytest.mark.parametrize(
    ("coming", "found"),
    [("text", "“next” is not a JSON object"), ({}, "“seal” is missing"), ({"seal": "%"}, "“seal” is not base 64")],
)
def test_malformed_secrets_to_come_are_refused(keep_file: Path, coming: object, found: str) -> None:
    keep_file.write_text(json.dumps(json.loads(keep_file.read_text()) | {"next": coming}))

    with pytest.raises(KeyFault, match=found):
        load_keys(keep_file)


@pytest.mark.prove
async def test_a_rotation_ends_older_backups_and_the_next_backup_opens(keep: Keep, promise: Promise) -> None:
    """Promise P17: after each rotation, the earlier backup is refused and the next one opens completely."""
    asked, reached = times(50, 3), 0
    identities = identities_of(keep.identity)
    for number in range(asked):
        old = take(keep.settings, keep.backups / f"old-{number}.age", at=NOON)
        rotate_keys(keep.place, keep.key_file, at=NOON)
        new = take(keep.settings, keep.backups / f"new-{number}.age", at=NOON)

        with pytest.raises(KeyFault):
            examine(read_backup(old.path, identities), load_keys(keep.key_file))
        examined = examine(read_backup(new.path, identities), load_keys(keep.key_file))
        reached += examined.findings == () and examined.opened > 0

    promise.reached("P17", asked=asked, reached=reached, of="rotations: older backups end, the new one opens")
