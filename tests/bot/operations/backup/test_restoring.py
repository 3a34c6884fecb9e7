"""Tests that a restore is atomic: wherever it is interrupted, it leaves no store or a complete one."""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.operations.backup.file_format import Backup
from bot.operations.backup.restoring import restore
from bot.runtime.errors import StoreFault
from bot.storage.tables.audit import Audit
from bot.storage.values import SignIn
from tests.support.store.builders import ask
from tests.support.store.keeping import NOON, Keep, person

BOSS = "1a2b3c4d"
SECRET = "secret-of-a-browser"


class Killed(BaseException):
    """Raised to simulate the end of the process."""


async def signed_in(keep: Keep) -> Backup:
    store = await keep.opened()
    await store.write(lambda t: t.sign_ins.keep(SignIn(SECRET, person(0), NOON + timedelta(hours=12))))
    await store.close()
    return keep.backup()


async def is_restored(there: Keep, backup: Backup) -> bool:
    """Return True if nobody is signed in, the audit ends with the restore and who confirmed it, and all rows agree."""
    store = await there.opened()
    found = await store.read(lambda t: t.sign_ins.find(SECRET, NOON))
    latest = [(each.who, each.what, each.reference) for each in (await store.read(lambda t: t.audit.entries()))[-2:]]
    strange = await store.examine()
    await store.close()
    return (
        (found, strange) == (None, ())
        and ask(there.store, "SELECT count(*) FROM audit") == [backup.manifest.rows["audit"] + 2]
        and latest[0][1:] == ("backup-restored", "")
        and latest[1] == (BOSS, "confirmed", "backup-restored")
    )


def killed_at(number: int, sync: Callable[[int], None]) -> Callable[[int], None]:
    waited = 0

    def wait(descriptor: int) -> None:
        nonlocal waited
        waited += 1
        sync(descriptor)
        if waited == number:
            raise Killed

    return wait


@pytest.mark.parametrize(("cut", "stands"), [(1, False), (2, True)])
async def test_a_restore_cut_short_has_restored_nothing_or_all_of_it(
    keep: Keep, monkeypatch: pytest.MonkeyPatch, *, cut: int, stands: bool
) -> None:
    backup, there = await signed_in(keep), keep.elsewhere()

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", killed_at(cut, os.fsync))
        with pytest.raises(Killed):
            restore(there.settings, backup, at=NOON, confirmed_by=BOSS)

    assert there.store.exists() == stands
    if not stands:
        restore(there.settings, backup, at=NOON, confirmed_by=BOSS)
    assert await is_restored(there, backup)


async def test_a_restore_that_the_audit_cannot_record_is_undone(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    backup, there = await signed_in(keep), keep.elsewhere()

    def fail(*_: object) -> None:
        raise StoreFault("The audit cannot go on.")

    with monkeypatch.context() as patch:
        patch.setattr(Audit, "append", fail)
        with pytest.raises(StoreFault, match="cannot go on"):
            restore(there.settings, backup, at=NOON)

    assert [path.name for path in there.folder.iterdir()] == ["seraf.key"]
    restore(there.settings, backup, at=NOON, confirmed_by=BOSS)
    assert await is_restored(there, backup)


async def test_a_sign_in_that_a_restore_ended_is_in_no_byte_of_the_file(keep: Keep) -> None:
    backup, there = await signed_in(keep), keep.elsewhere()
    (body,) = ask(keep.store, "SELECT body FROM sign_ins")
    assert isinstance(body, bytes)
    assert body in backup.database

    restore(there.settings, backup, at=NOON)

    assert [path.name for path in there.folder.iterdir() if path != there.key_file] == ["seraf.sqlite"]
    assert body not in there.store.read_bytes()


async def test_nothing_is_restored_into_a_folder_that_others_can_open(keep: Keep) -> None:
    backup, there = keep.backup(), keep.elsewhere()
    there.folder.chmod(0o750)

    with pytest.raises(StoreFault, match=r"is open to others \(mode 0750\)"):
        restore(there.settings, backup, at=NOON)

    assert not there.store.exists()


async def test_a_restore_that_nobody_has_confirmed_has_its_time(keep: Keep) -> None:
    """The stored time of a restore shows its confirmer since when removed people may have had access again."""
    there = keep.elsewhere()

    restore(there.settings, keep.backup(), at=NOON)

    store = await there.opened()
    assert await store.read(lambda t: t.restores.waiting()) == NOON
    await store.close()
