"""Tests of restores: they repeat later removals, and serve nobody until an administrator confirms their people."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.access.account import MOST_TRIES, Account, Removed, read_account
from bot.operations.backup.file_format import Backup
from bot.operations.backup.restoring import restore
from bot.operations.backup.service import copied
from bot.operations.rotation import rotate_keys
from bot.runtime.settings import StorePlace
from bot.storage.values import OutOfStep
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.role import Role
from tests.fakes.telegram import FakeClock, FakeTelegram
from tests.support.command_line.cli import Ran, run
from tests.support.command_line.desk import Folder, made
from tests.support.people.admitting import PIN
from tests.support.store.keeping import write_identity
from tests.support.telegram.bots import running
from tests.support.telegram.fixtures import real_time
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.trusting import standing

BOSS = "1a2b3c4d"
CONFIRMED = ("--confirmed-by", BOSS)
RESTORE = ("backup", "restore", "then.age", "--identity", "identity.txt")
REPLAY = ("--replay", "since.jsonl")
STORE = Path("var", "seraf.sqlite")

PEOPLE = {
    "leaver": ("telegram:21", "11111111", "AMBER RIVER 10"),
    "held": ("telegram:22", "22222222", "CALM HERON 12"),
    "eraser": ("telegram:23", "33333333", "BOLD FINCH 14"),
    "barred": ("telegram:24", "44444444", ""),
    "auditor": ("telegram:25", "55555555", ""),
    "stays": ("telegram:26", "66666666", "DEEP OTTER 16"),
}
"""For each person, their key in the store, their id in the audit, and the reference of their case."""

clock = real_time()


def act(folder: Folder, *words: str) -> Ran:
    return run(folder.path, *words, typed=f"{PIN}\n".encode(), settings={"COLUMNS": "300"})


@pytest.fixture
def office(tmp_path: Path) -> Folder:
    """Return a folder whose store was lost after a backup, with an audit export of what changed in between."""
    office = made(tmp_path)
    recipient, settings = write_identity(office.path / "identity.txt"), office.path / ".env"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("SERAF_BACKUP_RECIPIENTS=\n", f"SERAF_BACKUP_RECIPIENTS={recipient}\n"))
    office.admit("telegram:9", office.standing(Role.ADMIN, who=BOSS), reference="")
    for person, who, reference in PEOPLE.values():
        office.admit(person, office.standing(who=who), reference=reference)
    spent, gone, kept = (_invited(office) for _ in range(3))
    office.said("backup", "create", "--to", "then.age")
    happens(office, spent=spent, gone=gone, fresh=_invited(office))
    office.said("audit", "export", "since.jsonl")
    (office.path / STORE).rename(office.path / "lost.sqlite")
    (office.path / "kept").write_text(kept)
    return office


def _invited(folder: Folder) -> str:
    folder.said("people", "invite", "--role", "trainer")
    return folder.entries()[-1][2]


def happens(office: Folder, *, spent: str, gone: str, fresh: str) -> None:
    """Make several changes after the backup, each of which the audit records."""
    now = datetime.now(UTC)
    office.said("people", "remove", "11111111", "--yes")
    office.said("hold", "set", "CALM HERON 12")
    office.said("people", "withdraw", gone)
    office.said("people", "role", "55555555", "auditor")
    office.enter(
        Entry(now, spent, AuditEvent.ADMITTED),
        Entry(now, "33333333", AuditEvent.ERASED, "BOLD FINCH 14"),
        Entry(now, "66666666", AuditEvent.BARRED),
        Entry(now, BOSS, AuditEvent.RENEWED, "66666666"),
        Entry(now, "66666666", AuditEvent.PIN_CHOSEN),
        Entry(now, "44444444", AuditEvent.BARRED),
        Entry(now, "66666666", AuditEvent.BEGUN, "LATE HERON 18"),
        Entry(now, "operator anna", AuditEvent.HOLD_SET, "LATE HERON 18"),
        Entry(now, "operator anna", AuditEvent.WITHDRAWN, fresh),
    )


def access_of(office: Folder, name: str) -> object:
    return read_account(office.record(PEOPLE[name][0]).access)


def test_access_removed_since_the_backup_is_removed_again(office: Folder) -> None:
    ran = act(office, *RESTORE, *REPLAY, *CONFIRMED)

    assert ran.status == 0, ran
    assert access_of(office, "leaver") == Removed(was="11111111")
    assert office.record(PEOPLE["leaver"][0]).case is None
    held, barred, stays = (access_of(office, name) for name in ("held", "barred", "stays"))
    assert isinstance(held, Account)
    assert isinstance(barred, Account)
    assert isinstance(stays, Account)
    heads = office.record(PEOPLE["held"][0]).heads
    assert [(head.reference, head.held) for head in heads] == [("CALM HERON 12", True)]
    assert (barred.pin.tries, stays.pin.tries) == (MOST_TRIES, 0)
    auditor = access_of(office, "auditor")
    assert isinstance(auditor, Account)
    assert auditor.admission.role is Role.AUDITOR
    assert office.record(PEOPLE["eraser"][0]).case is None
    assert office.record(PEOPLE["stays"][0]).case is not None
    valid = office.do(lambda store: store.read(lambda t: t.invitation_codes.valid(datetime.now(UTC))))
    assert [json.loads(each.text)[0] for each in valid] == [(office.path / "kept").read_text()]
    words = {(what, about) for who, what, about in office.entries() if who == "operator anna"}
    assert {("removed", "11111111"), ("hold-set", "CALM HERON 12"), ("erased", "BOLD FINCH 14")} <= words
    assert office.do(lambda store: store.verify()) == OutOfStep()
    for said in (
        *("1 person removed", "2 invitations that opens", "1 assessment held", "1 assessment erased"),
        *(
            "LATE HERON 18 was held since, and is not in this backup.",
            "Invite them again:",
            "Renew them again: 66666666",
        ),
        "people renew ID --new-pin: 66666666",
    ):
        assert said in ran.out, said


def test_an_export_that_was_changed_cut_or_is_of_another_store_restores_nothing(office: Folder, tmp_path: Path) -> None:
    export = office.path / "since.jsonl"
    lines = export.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if '"removed"' in line)
    changed = {
        "a line less": [*lines[:at], *lines[at + 1 :]],
        "altered": [*lines[:at], lines[at].replace("11111111", "66666666"), *lines[at + 1 :]],
        "cut off": lines[:-2],
        "cut off with its head": [*lines[:-3], lines[-1]],
        "earlier": [*lines[:2], json.dumps({"head": "2:" + json.loads(lines[1])["link"]})],
        "no export": ["{}", "not json"],
        "empty": [],
        "a hole": [
            line.replace('"who": "', '"who": null, "was": "') if '"removed"' in line else line for line in lines
        ],
    }

    for name, content in changed.items():
        export.write_text("".join(f"{line}\n" for line in content), encoding="utf-8")
        ran = act(office, *RESTORE, *REPLAY, *CONFIRMED)
        assert (ran.status, "since.jsonl" in ran.err) == (2, True), name
        assert not (office.path / STORE).exists(), name
    assert "could not be read" in act(office, *RESTORE, "--replay", "none.jsonl", *CONFIRMED).err


def test_an_export_that_begins_with_the_backup_does_as_well(office: Folder) -> None:
    export = office.path / "since.jsonl"
    lines = export.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if '"backup-created"' in line)
    export.write_text("".join(f"{line}\n" for line in lines[at:]), encoding="utf-8")

    assert act(office, *RESTORE, *REPLAY, *CONFIRMED).status == 0
    assert isinstance(access_of(office, "leaver"), Removed)
    (office.path / STORE).unlink()
    without = act(office, *RESTORE, *CONFIRMED)
    assert (without.status, "restore with --replay" in without.out) == (0, True)
    assert isinstance(access_of(office, "leaver"), Account)


def test_a_restored_store_is_not_purged_before_somebody_confirmed_who_is_in(office: Folder) -> None:
    """Before the confirmation, a purge could erase a held case at the end of its retention time."""
    act(office, *RESTORE, *CONFIRMED)

    assert "nobody has confirmed yet who is in" in office.refused("purge")
    assert [each for each in office.run("check").out.splitlines() if "nobody has confirmed who is in" in each]
    assert office.run("check").status == 1
    confirmed = act(office, "people", "confirm", *CONFIRMED)
    assert (confirmed.status, "7 people are in" in confirmed.out) == (0, True)
    assert "nobody has confirmed" not in office.run("check").out
    assert office.run("purge").status == 0
    assert "No restored backup waits" in act(office, "people", "confirm", *CONFIRMED).err


async def test_a_bot_serves_nobody_from_a_restored_store_before_it_is_confirmed(
    server: FakeTelegram, tmp_path: Path
) -> None:
    home, now = Home(tmp_path, server), datetime.now(UTC)
    await home.admit(now)
    await standing(home, FakeClock(now), role=Role.ADMIN)
    with copied(home.settings, at=now) as taken:
        backup = Backup(taken.manifest, taken.copy.file.read(), taken.proof)
    home.store.unlink()
    restore(home.settings, backup, at=now)
    rotate_keys(StorePlace(home.store), home.key_file, at=now)
    sam = server.person(SAM)

    async with running(replace(home, admitted=frozenset())) as task:
        await sam.send("/start")
        await sam.until(lambda: "999" in sam.transcript)
        assert "SERAF consultation" not in sam.transcript
        assert not task.done()
        typed = f"{PIN}\n".encode()
        who = next(entry for entry in await people_of(home) if entry)
        ran = await asyncio.to_thread(
            run, home.folder, "people", "confirm", "--confirmed-by", who, typed=typed, settings=home.environment
        )
        assert ran.status == 0, ran
        await sam.until(lambda: "SERAF consultation" in sam.transcript or "PIN" in sam.transcript, timeout=30)
    assert server.violations == []


async def people_of(home: Home) -> list[str]:
    store = await home.opened()
    found = await store.of_each(lambda record: read_account(record.access))
    await store.close()
    return [each.audit_id for each in found if isinstance(each, Account) and each.admission.role is Role.ADMIN]
