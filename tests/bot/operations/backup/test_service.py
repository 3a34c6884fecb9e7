"""Promises P17 and P7 of backups: they open elsewhere and whole, reveal nothing, and an incomplete one is noticed."""

import asyncio
import os
import shutil
import sqlite3
import stat
from pathlib import Path

import pyrage
import pytest

from bot.crypto.keys import load_key_file, load_keys
from bot.operations.backup.file_format import Backup, Manifest, encrypted, identities_of, read_backup, recipients_of
from bot.operations.backup.restoring import restore
from bot.operations.backup.service import Taken, examine, newest_file, take
from bot.runtime.errors import DamagedStore, SettingsFault, StoreFault, StoreUnavailable
from bot.storage.session import SqliteSession
from bot.storage.sqlite.database_file import make_or_demand
from bot.storage.sqlite.examining import copied_to_memory, row_counts
from bot.storage.sqlite.opening import open_file_to_look, tables_over
from bot.storage.sqlite.preparing import known_migrations
from bot.storage.sqlite.resealing import open_everything
from bot.trail.audit import verify_trail
from bot.trail.chain import Head, head_of
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.builders import ask
from tests.support.store.canaries import canary, found_in
from tests.support.store.keeping import NOON, Keep, put, write_identity


def opened(keep: Keep, taken: Taken) -> Backup:
    return read_backup(taken.path, identities_of(keep.identity))


async def test_a_backup_is_private_and_lists_its_contents(keep: Keep) -> None:
    taken = take(keep.settings, None, at=NOON)

    manifest = opened(keep, taken).manifest
    with copied_to_memory(keep.store) as database:
        counts, keys = dict(row_counts(database)), load_key_file(keep.key_file)
        trail = tables_over(database, keys).audit.trail()
        head, before = head_of(trail), trail.lines[-2]
    assert manifest == taken.manifest
    assert (taken.path.name, manifest.created) == ("seraf-20261124T120000Z.age", "2026-11-24T12:00:00Z")
    assert (manifest.rows, manifest.key) == ({**counts, "audit": counts["audit"] - 1}, keys.id)
    assert manifest.head == str(Head(head.number - 1, before.link))
    assert manifest.schema == known_migrations()[-1].number
    assert [stat.S_IMODE(place.stat().st_mode) for place in (taken.path, keep.backups)] == [0o600, 0o700]
    assert (await keep.words())[-1] == "backup-created"


def test_half_a_note_left_by_a_killed_backup_goes_with_the_next(keep: Keep) -> None:
    newest = newest_file(keep.store)
    left = newest.with_name(f".{newest.name}.new")
    left.write_bytes(b"half")

    take(keep.settings, None, at=NOON)

    assert newest.exists()
    assert not left.exists()


async def test_the_note_counts_the_rows_of_every_table(keep: Keep) -> None:
    """The counts show if a table was emptied during the backup. The expected tables come from the schema."""
    manifest = opened(keep, take(keep.settings, None, at=NOON)).manifest

    assert set(manifest.rows) == set(ask(keep.store, "SELECT name FROM sqlite_schema WHERE type = 'table'"))


@pytest.mark.prove
async def test_a_backup_opens_elsewhere_with_everything_in_it(tmp_path: Path, promise: Promise) -> None:
    """Promise P17: a backup restored elsewhere has equal counts and contents, all values open, the audit verifies."""
    asked, reached = times(100, 5), 0

    for number in range(asked):
        keep = Keep.made(tmp_path / str(number) / "var")
        await keep.fill(number % 7 + 1, word=canary())
        backup = opened(keep, take(keep.settings, None, at=NOON))
        there = keep.elsewhere()
        restore(there.settings, backup, at=NOON)
        reached += await is_equal(keep, there, backup)

    promise.reached("P17", asked=asked, reached=reached, of="backups restored elsewhere, whole and equal")


async def is_equal(keep: Keep, there: Keep, backup: Backup) -> bool:
    """Return True if the restored store equals the first, except for an audit entry and a waiting confirmation."""
    keys = load_key_file(there.key_file)
    with copied_to_memory(there.store) as database:
        counts = dict(row_counts(database))
        opening, trail = open_everything(SqliteSession(database), keys), tables_over(database, keys).audit.trail()
    return (
        counts == {**backup.manifest.rows, "audit": backup.manifest.rows["audit"] + 1, "restores": 1}
        and opening.closed == {}
        and opening.opened > 10
        and verify_trail(keys, trail, anchor=Head.parse(backup.manifest.head)) == ()
        and (await there.words()) == (*(await keep.words())[:-1], "backup-restored")
        and (await keep.words())[-1] == "backup-created"
        and (await there.everything()) == (await keep.everything())
        and stat.S_IMODE(there.store.stat().st_mode) == 0o600
    )


@pytest.mark.prove
async def test_no_canary_is_in_the_backup_or_in_the_folder_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, promise: Promise
) -> None:
    """Promise P7: neither the backup nor a file that exists while it is written contains a stored word in clear."""
    words = [canary() for _ in range(times(1_000, 20))]
    keep, seen, sync = Keep.made(tmp_path / "var"), dict[str, bytes](), os.fsync
    store = await keep.opened()
    await store.turns([put(number, word, key=word) for number, word in enumerate(words)])
    await store.close()

    def look_then_sync(descriptor: int) -> None:
        seen.update({str(path): path.read_bytes() for path in keep.folder.rglob("*") if path.is_file()})
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", look_then_sync)
    taken = take(keep.settings, None, at=NOON)

    named, locks = "seraf.sqlite", {"seraf.sqlite.log.lock"}
    written = {Path(name).name for name in seen} - {named, "seraf.sqlite-wal", "seraf.sqlite-shm", *locks, "seraf.key"}
    written = {name for name in written if "newest" not in name}
    assert (len(written), taken.path.name in written) == (2, True), "while it is written, and then under its name"
    assert {path.name for path in keep.folder.rglob("*")} == {
        *(named, f"{named}.newest", "seraf.key", "backups", taken.path.name),
        *locks,
    }
    content = b"".join(seen.values()) + taken.path.read_bytes() + newest_file(keep.store).read_bytes()
    assert b"seraf.sqlite" not in taken.path.read_bytes()
    promise.reached(
        "P7",
        asked=len(words),
        reached=len(words) - len(found_in(content, words)),
        of="canaries not found during a backup",
    )


async def test_a_backup_is_taken_while_people_tap(keep: Keep) -> None:
    store, over, acknowledged = await keep.opened(), asyncio.Event(), 0

    async def tap() -> None:
        nonlocal acknowledged
        while not over.is_set():
            await store.turns([put(0, "again", key=f"tap {acknowledged}")])
            acknowledged += 1

    tapping = asyncio.create_task(tap())
    for number in range(3):
        await asyncio.sleep(0.02)
        before = acknowledged
        taken = await asyncio.to_thread(take, keep.settings, keep.backups / f"{number}.age", at=NOON)
        assert taken.manifest.rows["inbound"] >= before + 3
        assert examine(opened(keep, taken), load_keys(keep.key_file)).findings == ()
    over.set()
    await tapping
    await store.close()


async def test_any_of_the_recipients_opens_it_and_nobody_else(keep: Keep) -> None:
    other, stranger = keep.folder / "other.txt", keep.folder / "stranger.txt"
    recipients = (keep.recipient, write_identity(other))
    write_identity(stranger)
    taken = take(keep.settings.model_copy(update={"backup_recipients": recipients}), None, at=NOON)

    assert opened(keep, taken) == read_backup(taken.path, identities_of(other))
    with pytest.raises(SettingsFault, match="not encrypted to this identity"):
        read_backup(taken.path, identities_of(stranger))


@pytest.mark.parametrize(
    ("recipients", "said"),
    [
        ((), "is empty.*age-keygen"),
        (("age1xyz",), "entry 1 is not a public key"),
        (("ssh-ed25519 AAAA",), "entry 1 is not a public key"),
    ],
)
async def test_without_recipients_nothing_is_done(keep: Keep, recipients: tuple[str, ...], said: str) -> None:
    before = await keep.words()

    with pytest.raises(SettingsFault, match=said):
        take(keep.settings.model_copy(update={"backup_recipients": recipients}), None, at=NOON)

    assert (await keep.words(), keep.backups.exists()) == (before, False)


def test_a_secret_key_among_the_recipients_is_not_repeated() -> None:
    secret = str(pyrage.x25519.Identity.generate())

    with pytest.raises(SettingsFault) as fault:
        recipients_of((str(pyrage.x25519.Identity.generate().to_public()), secret))

    assert "entry 2" in str(fault.value)
    assert secret not in str(fault.value)


async def test_a_file_is_never_written_over(keep: Keep) -> None:
    there, link = keep.folder / "there.age", keep.folder / "link.age"
    there.write_bytes(b"minutes of the meeting")
    link.symlink_to(keep.folder / "nowhere")
    before = await keep.words()

    for place in (there, link):
        with pytest.raises(SettingsFault, match="already"):
            take(keep.settings, place, at=NOON)

    assert (there.read_bytes(), await keep.words()) == (b"minutes of the meeting", before)


async def test_two_backups_in_one_second_have_two_names(keep: Keep) -> None:
    taken = [take(keep.settings, None, at=NOON).path.name for _ in range(3)]

    assert taken == [f"seraf-20261124T120000Z{number}.age" for number in ("", "-2", "-3")]


async def test_an_unwritable_place_is_reported(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsFault, match="no folder"):
        take(keep.settings, keep.key_file / "backup.age", at=NOON)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = await keep.words()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsFault, match="No space left"):
        take(keep.settings, None, at=NOON)
    assert list(keep.backups.iterdir()) == []
    assert await keep.words() == before, "no backup was made, so none is in the audit"


async def test_a_backup_that_the_audit_could_not_record_stays_and_is_reported(
    keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreFault("The disk under the database is full.")

    before = await keep.words()
    with monkeypatch.context() as patch:
        patch.setattr("bot.operations.backup.service.note_in_audit", fail)
        with pytest.raises(StoreFault, match=r"seraf-.*\.age: written and whole.*could not note.*disk .* is full"):
            take(keep.settings, None, at=NOON)

    (file,) = keep.backups.iterdir()
    backup = read_backup(file, identities_of(keep.identity))
    assert examine(backup, load_keys(keep.key_file)).findings == ()
    assert await keep.words() == before


async def test_on_a_disk_without_second_names_nothing_is_written_over_either(
    keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = keep.folder / "stick.age"

    def refuse(source: Path, target: Path) -> None:
        raise OSError(1, "Operation not permitted")

    def refuse_and_take(source: Path, target: Path) -> None:
        target.write_bytes(b"another's")
        refuse(source, target)

    monkeypatch.setattr(os, "link", refuse)
    assert opened(keep, take(keep.settings, place, at=NOON)).manifest.key == load_key_file(keep.key_file).id
    monkeypatch.setattr(os, "link", refuse_and_take)
    with pytest.raises(SettingsFault, match="already"):
        take(keep.settings, keep.folder / "second.age", at=NOON)
    assert (keep.folder / "second.age").read_bytes() == b"another's"


async def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    keep = Keep.made(tmp_path / "var")

    with pytest.raises(StoreFault, match="no database"):
        take(keep.settings, None, at=NOON)

    assert not keep.store.exists()


async def test_an_empty_database_is_reported_as_new(tmp_path: Path) -> None:
    keep = Keep.made(tmp_path / "var")
    make_or_demand(keep.store)

    with pytest.raises(StoreFault, match=r"Nothing was ever kept .* Start the bot once"):
        take(keep.settings, None, at=NOON)
    with pytest.raises(StoreFault, match=r"Nothing was ever kept .* Start the bot once"):
        await open_file_to_look(keep.store, keep.key_file)

    await (await keep.opened()).close()
    await (await open_file_to_look(keep.store, keep.key_file)).close()
    take(keep.settings, None, at=NOON)
    ask(keep.store, "DROP TABLE meta")
    with pytest.raises(StoreFault, match="bot's own fault"):
        take(keep.settings, None, at=NOON)


async def test_a_database_that_cannot_be_read_is_not_backed_up(keep: Keep) -> None:
    keep.store.write_bytes(b"minutes of the meeting" * 999)

    with pytest.raises(StoreFault, match="not a database"):
        take(keep.settings, None, at=NOON)
    with pytest.raises(StoreFault, match="not a database"):
        copied_to_memory(keep.store)
    keep.store.write_bytes(b"")
    with pytest.raises(DamagedStore, match="is empty: something cut it off"):
        take(keep.settings, None, at=NOON)
    with pytest.raises(DamagedStore, match="is empty: something cut it off"):
        copied_to_memory(keep.store)

    assert list(keep.backups.iterdir()) == []
    assert keep.store.read_bytes() == b""


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR])
async def test_a_full_disk_during_the_check_of_a_copy_is_not_damage(
    keep: Keep, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """If a full disk were mistaken for damage, the operator would be told to restore a backup."""

    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr("bot.operations.backup.service.in_step", full)

    with pytest.raises(StoreUnavailable, match="Make room") as met:
        take(keep.settings, None, at=NOON)

    assert "estore" not in str(met.value)
    assert list(keep.backups.iterdir()) == []


async def test_a_restore_never_writes_over_a_database(keep: Keep) -> None:
    """A restore also refuses to write beside remains of a database, which SQLite would replay into the new file."""
    backup = opened(keep, take(keep.settings, None, at=NOON))
    before = keep.store.read_bytes()

    with pytest.raises(StoreFault, match=r"already, and it was left alone.*move every file"):
        restore(keep.settings, backup, at=NOON)
    assert keep.store.read_bytes() == before

    there = keep.elsewhere()
    journal = there.store.with_name("seraf.sqlite-journal")
    journal.write_bytes(b"left over")
    with pytest.raises(StoreFault, match=r"seraf\.sqlite-journal already"):
        restore(there.settings, backup, at=NOON)
    assert not there.store.exists()


async def test_a_restore_without_room_leaves_no_database(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    """A half-written database that was left behind would be taken for a complete one."""
    backup = opened(keep, take(keep.settings, None, at=NOON))
    there = keep.elsewhere()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFault, match=r"No space left on device\. Nothing was restored"):
        restore(there.settings, backup, at=NOON)
    assert [path.name for path in there.folder.iterdir()] == ["seraf.key"]


def test_identity_files_that_cannot_be_used_are_refused_and_not_quoted(tmp_path: Path) -> None:
    file = tmp_path / "identity.txt"
    write_identity(file)
    assert len(identities_of(file)) == 1
    secret = file.read_text().split()[-1]

    for content, said in (
        ("# nothing\n", "holds no secret key"),
        (f"{secret[:-1]}\n", "line 1 is not a secret key of age"),
    ):
        file.write_text(content)
        with pytest.raises(SettingsFault, match=said) as fault:
            identities_of(file)
        assert secret[:20] not in str(fault.value)
    file.chmod(0o640)
    with pytest.raises(SettingsFault, match=r"identity file .* is open to others \(mode 0640\)"):
        identities_of(file)
    with pytest.raises(SettingsFault, match="no identity file"):
        identities_of(tmp_path / "none")


async def test_a_backup_is_a_tar_that_other_tools_open(keep: Keep) -> None:
    taken = take(keep.settings, None, at=NOON)
    packed = keep.folder / "packed.tar"
    packed.write_bytes(pyrage.decrypt(taken.path.read_bytes(), identities_of(keep.identity)))

    shutil.unpack_archive(packed, keep.folder / "unpacked", filter="data")

    assert {path.name for path in (keep.folder / "unpacked").iterdir()} == {"manifest.json", "seraf.sqlite", "proof"}
    other = sqlite3.connect(keep.folder / "unpacked" / "seraf.sqlite")
    assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    other.close()


def test_a_backup_hides_its_database() -> None:
    backup = Backup(Manifest("", "", 1, "", {}, ""), b"secret words")

    assert "secret" not in repr(backup)
    assert encrypted(backup, recipients_of((str(pyrage.x25519.Identity.generate().to_public()),)))[:3] == b"age"
