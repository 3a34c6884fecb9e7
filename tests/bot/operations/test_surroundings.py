"""Tests of a bot's counts of admissions, active people and backups, and of which audit entries are logged."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from structlog.testing import capture_logs

from bot.access.account import Removed
from bot.operations.watching import admissions, on_the_disk, tell_entries
from bot.runtime.settings import Settings
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from bot.watch.vitals import Surroundings
from tests.support.command_line.desk import WHO, Folder, made
from tests.support.people.accounts import altered

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def test_admissions_are_counted_by_when_they_end(tmp_path: Path) -> None:
    folder, now = made(tmp_path), datetime.now(UTC)
    for number, days in enumerate((3, 14, 15, -1)):
        until = now + days * DAY
        folder.admit(f"telegram:{number}", altered(folder.standing(who=f"0000000{number}"), until=until), reference="")
    folder.admit("telegram:9", Removed(), reference="")

    found = folder.do(lambda store: admissions(store, now))

    assert found == {"ending": 2, "ended": 1, "first_end": now + 3 * DAY}


def test_backups_and_room_are_counted_where_they_can_be(tmp_path: Path) -> None:
    folder = made(tmp_path)
    settings = Settings.model_validate(
        {"store": tmp_path / "var" / "seraf.sqlite", "backup_folder": tmp_path / "backups"}
    )
    unknown = on_the_disk(settings)
    folder.admit()
    none = on_the_disk(settings)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "held-0a0b0c0d0a0b0c0d-20260301T000000Z.age").write_bytes(b"")
    held = on_the_disk(settings)
    (tmp_path / "backups" / "one.age").write_bytes(b"")
    some = on_the_disk(settings)

    assert set(unknown.values()) == {None}
    assert (none["backups"], none["newest_backup"]) == (0, None)
    assert (held["backups"], held["newest_backup"]) == (0, None), "the backup of a held case is not one of the store"
    assert (some["backups"], some["newest_backup"] is not None) == (1, True)
    assert some["disk_free"] > 0 < some["store_bytes"]


def logged(folder: Folder, before: Surroundings) -> tuple[list[str], Surroundings]:
    with capture_logs() as lines:
        after = folder.do(lambda store: tell_entries(store, before))
    return [each["event"] for each in lines], after


def test_each_entry_is_logged_once_and_none_about_a_case(tmp_path: Path) -> None:
    folder, now = made(tmp_path), datetime.now(UTC)
    folder.enter(Entry(now, WHO, AuditEvent.WRONG_PIN))
    first, seen = logged(folder, Surroundings())
    folder.enter(*(Entry(now, WHO, each) for each in (AuditEvent.BARRED, AuditEvent.LOCKED)))
    folder.enter(Entry(now, WHO, AuditEvent.BEGUN, "BRISK OTTER 41"))
    second, later = logged(folder, seen)
    third, last = logged(folder, later)
    put_back, behind = logged(folder, Surroundings(told=99))

    assert (first, second, third, put_back) == ([], ["barred", "locked"], [], [])
    assert (seen.told, later.told, last.told, behind.told) == (1, 4, 4, 4)
