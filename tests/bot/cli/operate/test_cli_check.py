"""Tests of `seraf-bot check`, line by line: what is in order, what a person has to check, and what is wrong."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from bot.cli.operate import check
from bot.cli.terminal import day
from bot.crypto.keys import Keychain, create_key_file, load_key_file, replace_key_file, successor
from bot.runtime.files import write_private
from bot.runtime.packs import SHIPPED
from bot.runtime.single_instance import Alone
from bot.storage.sqlite.database_file import make_or_demand
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from bot.watch.vitals import LastTimes, TrialRestore, Vitals, write_practice, write_vitals
from dialogs.core.role import Role
from tests.support.command_line.bot_api import bot_api
from tests.support.command_line.desk import APART, SAM, WHO, WORDS, Folder, made
from tests.support.people.accounts import altered
from tests.support.store.builders import ask
from tests.support.store.keeping import write_identity

DAY = timedelta(days=1)
BOARD, ASK = "South Gloucestershire, 30 items", "Ask the board whether there is a newer one"

LEADING = {"telegram:8": "8a8b8c8d", "telegram:9": "9a9b9c9d"}

DAMAGED = (
    ("accept",),
    ("accept", "--yes"),
    ("people", "invite", "--role", "practitioner"),
    ("people", "list"),
    ("audit", "export", "-"),
    ("backup", "create"),
)
"""Commands that are tried on a damaged store: some read it, some write to it, and one copies it."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = made(tmp_path)
    folder.part()
    folder.admit()
    for person, who in LEADING.items():
        folder.admit(person, folder.standing(Role.ADMIN, who=who), reference="")
    for contact in ("art", "edt"):
        folder.said("contacts", "confirm", contact)
    folder.said("backup", "create", "--to", "var/backups/today.age", **sound(folder))
    write_practice(folder.path / "var" / "seraf.sqlite", TrialRestore(datetime.now(UTC), "today.age"))
    return folder


def sound(folder: Folder) -> dict[str, str]:
    identity = folder.path / "identity.txt"
    recipient = write_identity(identity) if not identity.exists() else ""
    if recipient:
        (folder.path / "recipient.txt").write_text(recipient)
    recipients = (folder.path / "recipient.txt").read_text()
    result = {"SERAF_TELEGRAM_TOKEN": "1234:x", "SERAF_ADMINS": "7", "SERAF_BACKUP_RECIPIENTS": recipients}
    return result | {"SERAF_KEY_FILE": str(APART), "SERAF_TELEGRAM_API": bot_api()}


def lines(folder: Folder, **settings: str) -> tuple[int, list[list[str]]]:
    ran = folder.run("check", **sound(folder) | settings)
    assert ran.err == ""
    cells = [[cell.strip() for cell in line.split("│")[1:4]] for line in ran.out.splitlines() if line.startswith("│")]
    return ran.status, cells


def found(folder: Folder, order: str, **settings: str) -> list[str]:
    status, cells = lines(folder, **settings)
    assert status == any(cell[1] == "NO" for cell in cells)
    return [f"{about}: {said}" for about, is_good, said in cells if is_good == order and about != "pack"]


def test_guidance_that_was_to_be_revised_before_today_is_for_a_person_to_judge(folder: Folder, tmp_path: Path) -> None:
    (old,) = [cells for cells in lines(folder)[1] if cells[0] == "pack"]
    copytree(SHIPPED, tmp_path / "pack")
    instrument = tmp_path / "pack" / "instrument.toml"
    instrument.write_text(
        re.sub(r"(?m)^review_due = .+$", "review_due = 2999-04-01", instrument.read_text("utf-8")), "utf-8"
    )
    (young,) = [cells for cells in lines(folder, SERAF_PACK=str(tmp_path / "pack"))[1] if cells[0] == "pack"]
    instrument.unlink()
    status, (none, *_) = lines(folder, SERAF_PACK=str(tmp_path / "pack"))

    assert old[1:] == ["look", f"{BOARD}; its guidance was to be revised in April 2019. {ASK}"]
    assert young[1:] == ["yes", f"{BOARD}, to be revised in April 2999"]
    assert (status, none[:2]) == (1, ["pack", "NO"])


def test_a_wrong_setting_is_not_reported_as_missing(folder: Folder) -> None:
    status, cells = lines(folder, SERAF_BACKUP_RECIPIENTS="age1x", SERAF_RENEW_DAYS="ten", SERAF_LOCK_MINUTES="0")

    said = [cell[2] for cell in cells if cell[0] == "settings"]
    assert status == 1
    assert "SERAF_RENEW_DAYS: write a whole number" in said
    assert "SERAF_LOCK_MINUTES: must be at least 1" in said
    assert not any("is not set" in cell[2] for cell in cells)


@pytest.mark.parametrize("name", ["SERAF_WEB_CERTIFICATE", "SERAF_WEB_KEY"])
def test_a_certificate_without_its_key_is_a_wrong_setting_and_no_failure(folder: Folder, name: str) -> None:
    status, cells = lines(folder, **{name: "file.pem"})

    said = " ".join(cell[2] for cell in cells)
    assert (status, "SERAF_WEB_CERTIFICATE and SERAF_WEB_KEY" in said) == (1, True)


def test_pages_that_are_refused_under_every_name_are_a_wrong_setting(folder: Folder) -> None:
    bind = {"SERAF_WEB_BIND": "0.0.0.0:8443"}

    assert [line for line in found(folder, "NO", **bind) if "SERAF_WEB_ADDRESS" in line]
    assert not [
        line for line in found(folder, "NO", **bind, SERAF_WEB_ADDRESS="https://seraf.example.org") if "WEB" in line
    ]


def test_a_bot_with_an_open_store_is_not_reported_without_one(folder: Folder) -> None:
    path, now = folder.path / "var" / "seraf.sqlite", datetime.now(UTC)
    with Alone(path):
        write_vitals(path, Vitals(now, now, True, True, LastTimes(now, now)))
        (said,) = found(folder, "look", SERAF_KEY_FILE="none.key")
        write_vitals(path, Vitals(now, now, False, False, LastTimes(now, now)))
        wrong = found(folder, "NO", SERAF_KEY_FILE="none.key")

    assert said.startswith("bot's store: the bot that runs has it open.")
    assert wrong[-1].startswith("bot's store: the bot runs without it")


def test_a_clean_check_reports_each_line(folder: Folder) -> None:
    assert found(folder, "NO") == []
    assert found(folder, "look") == []
    said = found(folder, "yes")
    names = [line.partition(":")[0] for line in said]
    assert len(names) == len(set(names)) > 25, "each row has a name of its own"
    assert "people: 3 admitted, 0 first administrators not seen yet" in said
    assert "administrators: 2, and none runs out within 30 days" in said
    assert f"settings: token set, 1 first administrator, Bot API at {bot_api()}" in said
    assert "audit: whole, 3 entries; seraf-bot audit verify compares it with a head noted elsewhere" in said
    assert "bot: the bot does not run with this store now" in said


def test_notes_that_are_on_are_worth_a_look(folder: Folder) -> None:
    (said,) = found(folder, "look", SERAF_NOTES="on", SERAF_FINISHED_DAYS="14")

    assert said.startswith(
        "notes: SERAF_NOTES is on: short notes are kept with their case, 7 days after the last tap, 14 after"
    )
    assert "notes: off: nothing that is typed is kept" in found(folder, "yes")


def test_looking_makes_no_store(tmp_path: Path) -> None:
    folder = made(tmp_path)
    folder.part()

    assert "store file: var/seraf.sqlite: not there yet; `run` or `people invite` makes it" in found(folder, "yes")
    assert list((tmp_path / "var").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "mode", "said"),
    [
        (".env", 0o640, "chmod 600 .env"),
        (str(APART), 0o604, f"chmod 600 {APART}"),
        ("var/seraf.sqlite", 0o640, "chmod 600 var/seraf.sqlite"),
        ("var", 0o750, "chmod 700 var"),
        ("var/backups", 0o705, "chmod 700 var/backups"),
        ("var/backups/today.age", 0o644, "chmod 600 var/backups/today.age"),
    ],
)
def test_files_open_to_others_are_listed_with_how_to_close_them(
    folder: Folder, name: str, mode: int, said: str
) -> None:
    (folder.path / name).chmod(mode)

    wrong = found(folder, "NO")

    assert any(line.endswith(said) for line in wrong), wrong


@pytest.mark.parametrize("is_removed", [True, False])
def test_a_bot_that_nobody_can_use_is_worth_a_look(folder: Folder, *, is_removed: bool) -> None:
    for person, who in ((SAM, WHO), *LEADING.items()):
        if is_removed:
            folder.said("people", "remove", who, "--yes")
        else:
            role = Role.PRACTITIONER if who == WHO else Role.ADMIN
            past = altered(folder.standing(role, who=who), until=datetime.now(UTC) - DAY)
            folder.admit(person, past, reference="")

    (look,), (wrong,) = (found(folder, order, SERAF_ADMINS="7") for order in ("look", "NO"))

    advice = "put your Telegram number in SERAF_ADMINS" if is_removed else "seraf-bot people renew 8a8b8c8d"
    assert look.startswith("people: nobody can use the bot")
    assert advice in look
    assert wrong.startswith("administrators: nobody is one whose access has not run out")
    assert ("invite --role admin --alone" if is_removed else "people renew 8a8b8c8d") in wrong


@pytest.mark.parametrize(
    ("days", "order", "said"),
    [
        ((90, 31), "yes", "2, and none runs out within 30 days"),
        ((90, 29), "look", "the access of 9a9b9c9d runs out on"),
        ((90, -1), "look", "one alone"),
        ((-1, -1), "NO", "nobody is one whose access has not run out: renew one: seraf-bot people renew"),
    ],
)
def test_a_missing_second_administrator_is_reported_in_time(
    folder: Folder, days: tuple[int, int], order: str, said: str
) -> None:
    for (person, who), left in zip(LEADING.items(), days, strict=True):
        standing = altered(folder.standing(Role.ADMIN, who=who), until=datetime.now(UTC) + left * DAY)
        folder.admit(person, standing, reference="")

    (found_now,) = [line for line in found(folder, order) if line.startswith("administrators: ")]

    assert said in found_now


def test_where_nobody_was_ever_an_administrator_what_is_advised_works(tmp_path: Path) -> None:
    """Nobody exists who could confirm the invitation, so it is made at once, and `--alone` would be refused."""
    folder = made(tmp_path)
    folder.part()
    folder.admit()

    (wrong,) = [line for line in found(folder, "NO") if line.startswith("administrators: ")]

    assert "Code for an admin" in folder.said(*wrong.rpartition("seraf-bot ")[2].split())


def test_a_first_administrator_counts_as_somebody_to_start_with(tmp_path: Path) -> None:
    assert "people: 0 admitted, 2 first administrators not seen yet" in found(made(tmp_path), "yes", SERAF_ADMINS="7,8")


def test_a_key_file_of_another_database_is_reported(folder: Folder) -> None:
    folder.key_file.unlink()
    create_key_file(folder.key_file)

    wrong = found(folder, "NO")

    assert len(wrong) == 1
    assert "key file" in wrong[0]
    assert not any(line.startswith("audit") for line in found(folder, "yes"))


def test_a_rotation_that_was_cut_short_is_to_be_finished(folder: Folder) -> None:
    path = folder.key_file
    keys = load_key_file(path)
    replace_key_file(path, Keychain(keys, successor(keys)))

    (wrong,) = found(folder, "NO")
    folder.said("keys", "rotate", **sound(folder))

    assert wrong.endswith("Finish it: seraf-bot keys rotate")
    assert found(folder, "NO") == []


def test_a_changed_audit_is_reported(folder: Folder) -> None:
    entries = [Entry(datetime.now(UTC), WHO, AuditEvent.NOTICE)] * 6
    folder.enter(*entries)
    ask(folder.path / "var" / "seraf.sqlite", "UPDATE audit SET entry = zeroblob(157)")

    wrong = found(folder, "NO")

    assert wrong[0].startswith("audit: Entry 1 does not open")
    assert wrong[-1].endswith("more: seraf-bot audit verify")
    assert len(wrong) == 4


GONE = tuple(f"DELETE FROM {each}" for each in ("case_people", "cases", "case_keys"))


def test_restored_rows_are_reported_until_accepted(folder: Folder) -> None:
    store = folder.path / "var" / "seraf.sqlite"
    ask(store, "DELETE FROM audit", "DELETE FROM audit_segments", *GONE)

    wrong = found(folder, "NO")

    assert "put back, changed or taken away were months of the audit" in wrong[0]
    assert wrong[0].startswith("audit: ")
    assert any("Of 1 of the people a standing, a rehearsal or a case was taken away" in line for line in wrong)
    assert "seraf-bot accept" in wrong[-1]
    assert folder.run("audit", "verify").status == 1
    assert "Nothing was changed" in folder.run("accept").out
    assert "From now on every row counts" in folder.said("accept", "--yes")
    assert folder.run("audit", "verify").out.startswith("Whole: 1 entry.")
    assert "months" not in str(found(folder, "NO"))
    folder.said("people", "list")
    ask(store, "DELETE FROM ledger")
    assert "its ledger is missing" in str(found(folder, "NO"))
    assert folder.refused("people", "list")
    folder.said("accept", "--yes")
    folder.said("people", "list")


def test_a_damaged_row_is_reported(folder: Folder) -> None:
    ask(folder.path / "var" / "seraf.sqlite", "UPDATE standings SET body = zeroblob(200)")

    assert "nothing put back: 3 of the values of standings.body do not open" in str(found(folder, "NO"))


def damage(path: Path) -> None:
    (page,) = ask(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'inbound'") or [0]
    (size,) = ask(path, "PRAGMA page_size")
    assert isinstance(page, int)
    assert isinstance(size, int)
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x0d\x00\x00\x00\x05" + b"\xff" * (size - 5))


@pytest.mark.parametrize("words", DAMAGED, ids=" ".join)
def test_no_command_works_on_a_damaged_database(folder: Folder, words: tuple[str, ...]) -> None:
    path = folder.path / "var" / "seraf.sqlite"
    damage(path)
    before = path.read_bytes()

    said = folder.refused(*words, **sound(folder))

    assert "damaged" in said
    assert "restore the latest backup" in said
    assert "accept" not in said
    assert path.read_bytes() == before


def test_a_damaged_database_is_reported_with_whether_a_bot_runs_without_it(folder: Folder) -> None:
    """The output says what to do, not what SQLite found. An empty database file is not taken for a new store."""
    path = folder.path / "var" / "seraf.sqlite"
    damage(path)

    (wrong,) = found(folder, "NO")
    path.write_bytes(b"")
    with Alone(path):
        empty, running = found(folder, "NO")

    assert "restore the latest backup" in wrong
    assert "is empty: something cut it off" in empty
    assert running.startswith("bot's store: the bot runs without it: it tells everybody whom to call")


def test_a_database_of_an_interrupted_first_start_is_no_fault_of_the_bot(folder: Folder) -> None:
    path = folder.path / "var" / "seraf.sqlite"
    path.unlink()
    make_or_demand(path)
    before = path.read_bytes()

    (new,) = [each for each in found(folder, "NO") if each.startswith("store opens")]

    assert "Nothing was ever kept in this database" in new
    assert path.read_bytes() == before


@pytest.mark.parametrize("is_polled", [True, False])
def test_a_clock_behind_the_store_is_reported(folder: Folder, *, is_polled: bool) -> None:
    later = datetime.now(UTC) + 2 * DAY
    if is_polled:
        folder.do(lambda store: store.write(lambda t: t.channel.mark_polled(later)))
    else:
        folder.enter(Entry(later, "operator", AuditEvent.INVITED))

    (wrong,) = found(folder, "NO")

    assert wrong.startswith("clock ran on: the clock was set back? The store has seen")


def test_a_clock_before_the_release_cannot_be_right(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "RELEASED", datetime(2999, 1, 1, tzinfo=UTC))

    assert any("which cannot be: set the clock" in line for line in found(folder, "NO"))


def test_backups_that_cannot_be_made_or_are_old_are_worth_a_look(folder: Folder) -> None:
    assert found(folder, "look", SERAF_BACKUP_RECIPIENTS="") == [
        "backup recipients: SERAF_BACKUP_RECIPIENTS is not set: no backup can be made"
    ]
    backup = folder.path / "var" / "backups" / "today.age"
    write_private(backup.parent / "older.age", b"")
    old = (datetime.now(UTC) - 3 * DAY).timestamp()
    os.utime(backup.parent / "older.age", (old - 9, old - 9))
    assert found(folder, "look") == []

    os.utime(backup, (old, old))
    assert found(folder, "look") == ["newest backup: 72 hours old, in var/backups"]
    assert found(folder, "look", SERAF_BACKUP_FOLDER="elsewhere") == [
        "newest backup: none in elsewhere: seraf-bot backup create"
    ]


def test_backups_older_than_every_term_are_counted_and_worth_a_look(folder: Folder) -> None:
    """Backups still hold what has been erased since they were made."""
    old = datetime.now(UTC) - 31 * DAY
    first = folder.path / "var" / "backups" / "first.age"
    write_private(first, b"")
    os.utime(first, (old.timestamp(), old.timestamp()))

    assert found(folder, "look") == [
        f"oldest backup: 2 backups, the oldest of {day(old)}: erased assessments stay readable in them until"
        " the backups are deleted or the keys rotated"
    ]
    assert found(folder, "look", SERAF_FINISHED_DAYS="40") == []
    first.unlink()
    assert any(line.startswith("oldest backup: 1 backup, the oldest of") for line in found(folder, "yes"))


def test_the_backup_of_a_held_case_does_not_count_as_one_of_the_store(folder: Folder) -> None:
    """A new backup of one case must not hide that the store has no other backup. An old one is kept for the hold."""
    folder.said("hold", "set", *WORDS, **sound(folder))
    (held,) = (folder.path / "var" / "backups").glob("held-*.age")
    os.utime(held, (0, 0))
    assert found(folder, "look") == []

    (folder.path / "var" / "backups" / "today.age").unlink()
    os.utime(held)
    assert found(folder, "look") == ["newest backup: none in var/backups: seraf-bot backup create"]
    held.chmod(0o644)
    assert any("backup files" in line for line in found(folder, "NO"))


def test_leftovers_of_a_killed_command_are_named(folder: Folder) -> None:
    left = ("var/.seraf.sqlite.1a2b3c4d", ".config/seraf-bot/.seraf.key.new", "var/backups/.today.age.0a0b0c0d")
    for name in (*left, "var/.hidden", "var/.seraf.sqlite.notes", "var/backups/.notes.1a2b3c4d"):
        (folder.path / name).write_bytes(b"")

    assert found(folder, "look") == [
        f"left over: {name}: left by a program that was cut short. Delete it, unless the bot or a command is writing it now"
        for name in sorted(left)
    ]


def test_names_in_the_settings_file_that_are_no_settings_are_worth_a_look(folder: Folder) -> None:
    with (folder.path / ".env").open("a") as file:
        file.write("\n# SERAF_OLD=1\nexport SERAF_ADMITTED=7,8\nseraf_admin = 7\nOTHER=1\n")

    assert found(folder, "look") == [
        "unknown setting: SERAF_ADMIN, in .env, is not a setting of this bot, and is ignored",
        "unknown setting: SERAF_ADMITTED, in .env, is no longer read: use SERAF_ADMINS and `seraf-bot people invite`",
    ]


def test_a_number_that_somebody_should_ring_is_left_to_a_person(folder: Folder) -> None:
    assert "contacts: every number is confirmed, and none is due for a check" in found(folder, "yes")
    folder.said("contacts", "confirm", "art", "--on", "2020-01-31")
    folder.said("contacts", "unconfirm", "police")

    assert found(folder, "look") == [
        "contacts: ART, 01454 866000, is due for a check: call it, then seraf-bot contacts confirm art",
        "contacts: Police, 101, is not confirmed: call it, then seraf-bot contacts confirm police",
    ]


def test_numbers_of_a_pack_with_a_fault_are_not_spoken_of(folder: Folder) -> None:
    status, cells = lines(folder, SERAF_PACK=str(folder.path))

    assert status == 1
    assert "contacts" not in [about for about, _, _ in cells]


@pytest.mark.parametrize("place", ["var/seraf.key", "var/backups/seraf.key", "var/within/seraf.key"])
def test_a_key_file_that_lies_with_what_it_seals_is_worth_a_look(folder: Folder, place: str) -> None:
    target = folder.path / place
    target.parent.mkdir(exist_ok=True)
    folder.key_file.rename(target)
    link = folder.path / "link.key"
    link.symlink_to(target)

    for named in (place, str(link)):
        (said,) = found(folder, "look", SERAF_KEY_FILE=named)
        assert said.startswith(f"key file apart: {named} lies with var")
        assert "mv -n" in said
