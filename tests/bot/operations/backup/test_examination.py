"""Tests of files that are refused as backups: cut short, changed, from somebody else, or of another kind."""

import io
import json
import random
import sqlite3
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyrage
import pytest

from bot.crypto.keys import load_key_file, load_keys
from bot.operations.backup.file_format import Backup, Manifest, identities_of, read_backup, recipients_of
from bot.operations.backup.restoring import restore
from bot.operations.backup.service import examine, take
from bot.runtime.errors import SettingsFault, StoreFault
from bot.storage.sqlite.examining import copied_to_memory, row_counts
from bot.storage.sqlite.preparing import known_migrations
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.keeping import NOON, Keep


@pytest.mark.prove
async def test_a_backup_that_was_cut_or_changed_does_not_open(keep: Keep, promise: Promise) -> None:
    whole, draw = take(keep.settings, None, at=NOON).path.read_bytes(), random.Random(17)
    file, identities = keep.folder / "other.age", identities_of(keep.identity)
    asked, reached = times(2_000, 12), 0
    for number in range(asked):
        at = draw.randrange(len(whole))
        turned = whole[:at] + bytes([whole[at] ^ 1 << draw.randrange(8)]) + whole[at + 1 :]
        file.write_bytes(whole[:at] if number % 2 else turned)
        try:
            read_backup(file, identities)
        except SettingsFault as fault:
            reached += "is not a whole backup" in str(fault) or "not encrypted to this identity" in str(fault)

    promise.reached("P17", asked=asked, reached=reached, of="cut or changed backups refused")


@pytest.mark.parametrize("content", [b"", b"minutes", b"\x00" * 5000, b"age-encryption.org/v1\n"])
async def test_any_other_file_is_refused_as_a_backup(keep: Keep, content: bytes) -> None:
    file = keep.folder / "minutes"
    file.write_bytes(content)

    with pytest.raises(SettingsFault, match="is not a whole backup"):
        read_backup(file, identities_of(keep.identity))


def sealed_up(keep: Keep, content: bytes) -> Path:
    file = keep.folder / "sealed-up.age"
    file.write_bytes(pyrage.encrypt(content, recipients_of((keep.recipient,))))
    return file


@pytest.mark.parametrize("content", [b"", b"minutes of the meeting", b"\x00" * 10_240])
async def test_an_encrypted_file_other_than_a_backup_is_refused(keep: Keep, content: bytes) -> None:
    with pytest.raises(SettingsFault, match="is not a backup of this bot"):
        read_backup(sealed_up(keep, content), identities_of(keep.identity))


async def test_a_tar_of_something_else_is_refused(keep: Keep) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in ("manifest.json", "seraf.sqlite"):
            member = tarfile.TarInfo(name)
            member.type = tarfile.DIRTYPE
            archive.addfile(member)

    with pytest.raises(SettingsFault, match="is not a backup of this bot"):
        read_backup(sealed_up(keep, packed.getvalue()), identities_of(keep.identity))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "newer version"),
        ({"format": "1"}, "not a backup of this bot"),
        ({"rows": {"people": "many"}}, "not a backup of this bot"),
        ({"rows": []}, "not a backup of this bot"),
        ({"schema": True}, "not a backup of this bot"),
        ({"more": 1}, "not a backup of this bot"),
    ],
)
def test_a_note_that_is_not_as_it_is_written_is_refused(change: Mapping[str, Any], said: str) -> None:
    manifest = Manifest("2026-11-24T12:00:00Z", "0.1.0", 2, "key", {"people": 1}, "0:" + "0" * 64)
    assert Manifest.parse(manifest.written()) == manifest

    with pytest.raises(SettingsFault, match=said):
        Manifest.parse(json.dumps(json.loads(manifest.written()) | change).encode())
    with pytest.raises(SettingsFault, match="not a backup of this bot"):
        Manifest.parse(b"[" * 9_000)


def changed(backup: Backup, *statements: str) -> Backup:
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.deserialize(backup.database)
    for statement in statements:
        database.execute(statement)
    return replace(backup, database=database.serialize())


CHANGES: list[tuple[str, Callable[[Backup], Backup]]] = [
    ("Its proof does not fit", lambda backup: changed(backup, "UPDATE people SET owed = 1")),
    ("Its proof does not fit", lambda backup: replace(backup, manifest=replace(backup.manifest, created="2020"))),
    ("Nothing proves", lambda backup: replace(backup, proof=b"")),
    ("rows of litter", lambda backup: changed(backup, "DELETE FROM litter WHERE rowid = 1")),
    ("values of reminders.body", lambda backup: changed(backup, "UPDATE reminders SET body = zeroblob(157)")),
    ("values of reminders.body", lambda backup: changed(backup, "UPDATE reminders SET body = 'clear' WHERE rowid = 1")),
    ("values of cases.body", lambda backup: changed(backup, "UPDATE cases SET turn = turn + 1")),
    ("values of tickets.body", lambda backup: changed(backup, "UPDATE tickets SET mark = zeroblob(32)")),
    ("belong to a row that is not there", lambda backup: changed(backup, "UPDATE people SET mark = randomblob(32)")),
    ("Its trigger “quiet”", lambda backup: changed(backup, QUIET)),
    ("Its table “people”", lambda backup: changed(backup, "ALTER TABLE people ADD COLUMN nickname TEXT")),
    ("Its schema or its key", lambda backup: changed(backup, "UPDATE meta SET key = 'other'")),
    ("newer version", lambda backup: changed(newer(backup), "PRAGMA user_version = 99")),
    ("Entry 3", lambda backup: changed(backup, "UPDATE audit SET link = zeroblob(32) WHERE number = 3")),
    ("Its audit ends with", lambda backup: headed(backup, f"3:{'0' * 64}")),
    ("head was not noted", lambda backup: headed(backup, "none")),
    ("not a database", lambda backup: replace(backup, database=b"minutes of the meeting" * 999)),
    ("not a database", lambda backup: replace(backup, database=b"")),
    ("not all of one", lambda backup: replace(backup, database=backup.database[: len(backup.database) // 2])),
    ("damaged", lambda backup: replace(backup, database=backup.database[:4096] + bytes(4096) + backup.database[8192:])),
]
QUIET = "CREATE TRIGGER quiet BEFORE DELETE ON cases BEGIN SELECT raise(IGNORE); END"


def newer(backup: Backup) -> Backup:
    return replace(backup, manifest=replace(backup.manifest, schema=99))


def headed(backup: Backup, head: str) -> Backup:
    return replace(backup, manifest=replace(backup.manifest, head=head))


@pytest.mark.parametrize(("said", "change"), CHANGES, ids=[f"{number}" for number in range(len(CHANGES))])
async def test_every_change_in_a_backup_is_found(keep: Keep, said: str, change: Callable[[Backup], Backup]) -> None:
    backup = change(read_backup(take(keep.settings, None, at=NOON).path, identities_of(keep.identity)))
    there = keep.elsewhere()

    examined = examine(backup, load_keys(keep.key_file))

    assert said in "\n".join(examined.findings)
    with pytest.raises(StoreFault, match="Nothing was restored"):
        restore(there.settings, backup, at=NOON)
    assert not there.store.exists()


async def test_a_proof_that_does_not_fit_is_refused_even_if_a_missing_one_would_do(keep: Keep) -> None:
    whole = read_backup(take(keep.settings, None, at=NOON).path, identities_of(keep.identity))

    with pytest.raises(StoreFault, match="Its proof does not fit"):
        restore(keep.elsewhere().settings, replace(whole, proof=bytes(32)), at=NOON, unproven=True)


async def test_a_backup_of_an_older_version_is_whole_too(keep: Keep) -> None:
    keys = load_key_file(keep.key_file)
    database = sqlite3.connect(":memory:", isolation_level=None)
    for statement in known_migrations()[0].statements:
        database.execute(statement)
    database.execute("PRAGMA user_version = 1")
    with copied_to_memory(keep.store) as other:
        row = other.execute("SELECT key, proof FROM meta").fetchone()
    database.execute("INSERT INTO meta (id, key, proof) VALUES (1, ?, ?)", row)
    manifest = Manifest("2026-01-01T00:00:00Z", "0.1.0", 1, keys.id, dict(row_counts(database)), f"0:{'0' * 64}")
    there = keep.elsewhere()

    backup = Backup(manifest, database.serialize())

    with pytest.raises(StoreFault, match="Nothing proves"):
        restore(there.settings, backup, at=NOON)
    examined, _ = restore(there.settings, backup, at=NOON, unproven=True)

    assert (examined.findings, examined.opened) == ((), 2)
    assert await there.words() == ("backup-restored",)
