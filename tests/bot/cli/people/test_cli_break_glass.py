"""Tests of a store without administrators: how it shows that there was one, and how its restore is confirmed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.access.account import Account, Removed, read_account
from bot.storage.values import Inbound
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.role import Role
from tests.bot.cli.people.test_cli_second_person import Later
from tests.support.command_line.cli import run
from tests.support.command_line.desk import WHO, Folder
from tests.support.people.accounts import altered
from tests.support.people.admitting import PIN
from tests.support.store.builders import changed

BOSS, HIS = "1a2b3c4d", "telegram:9"
ALONE = ("people", "invite", "--role", "admin", "--alone")
CONFIRM = ("people", "confirm")
STORE = Path("var", "seraf.sqlite")
LONG_AGO = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def folder(office: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    Later.for_commands(monkeypatch)
    return office


def back_up(folder: Folder) -> None:
    folder.said("backup", "create", "--to", "then.age")


def restored(folder: Folder, *words: str) -> str:
    folder.said("audit", "export", "since.jsonl")
    (folder.path / STORE).unlink()
    return folder.said("backup", "restore", "then.age", "--identity", "identity.txt", *words)


def refused(folder: Folder, hours: float, *words: str) -> str:
    Later.hours = hours
    return folder.refused(*words)


def announced(folder: Folder) -> str:
    said = folder.said(*ALONE)
    assert "Announced" in said
    assert "Code for" not in said
    return said


def demoted(folder: Folder) -> None:
    folder.admit(HIS, folder.standing(Role.ADMIN, who=BOSS), reference="")
    folder.enter(Entry(LONG_AGO, BOSS, AuditEvent.ADMITTED))
    folder.admit("telegram:10", folder.standing(Role.ADMIN, who="2a2b3c4d"), reference="")
    folder.said("people", "role", BOSS, "manager")
    folder.admit("telegram:10", folder.standing(who="2a2b3c4d"), reference="")


def removed_by_an_earlier_release(folder: Folder) -> None:
    folder.admit(HIS, Removed(was=BOSS), reference="")
    folder.enter(Entry(LONG_AGO, "operator", AuditEvent.INVITED, BOSS), Entry(LONG_AGO, BOSS, AuditEvent.ADMITTED))


def removed_unread(folder: Folder) -> None:
    newer = changed(access='{"who":"1a2b3c4d","role":"director"}')
    folder.do(lambda store: store.turns([Inbound("newer", LONG_AGO, HIS, newer, None)]))
    folder.said("people", "remove", "9", "--yes")


def dropped(folder: Folder) -> None:
    folder.enter(Entry(LONG_AGO, BOSS, AuditEvent.ADMITTED), Entry(datetime.now(UTC), BOSS, AuditEvent.NOTICE))
    folder.do(lambda store: store.write(lambda t: t.audit.drop_before("2026-02", now=datetime.now(UTC))))


@pytest.mark.parametrize("earlier", [demoted, removed_by_an_earlier_release, removed_unread, dropped])
def test_a_store_that_once_had_an_administrator_needs_one_made_alone(
    folder: Folder, earlier: Callable[[Folder], None]
) -> None:
    earlier(folder)
    back_up(folder)

    for words in (("people", "invite", "--role", "admin"), ("keys", "rotate", "--no-backup")):
        assert "--role admin --alone" in refused(folder, 0, *words)
    announced(folder)
    assert "No administrator is left in this backup" in restored(folder)
    assert "--role admin --alone" in folder.run(*CONFIRM).err
    announced(folder)


def test_a_store_to_which_only_others_came_never_had_an_administrator(folder: Folder) -> None:
    now = datetime.now(UTC)
    folder.enter(
        Entry(now, "operator anna", AuditEvent.INVITED, BOSS, Role.ADMIN),
        Entry(now, "operator anna", AuditEvent.INVITED, WHO, Role.PRACTITIONER),
        Entry(now, WHO, AuditEvent.ADMITTED),
        Entry(now, "3a2b3c4d", AuditEvent.ADMITTED, role=Role.MANAGER),
    )
    back_up(folder)

    assert "nobody could confirm this" in folder.said("people", "invite", "--role", "admin")
    assert "Nobody is an administrator yet" in restored(folder)
    assert folder.run(*CONFIRM).status == 0


def test_a_restored_store_that_nobody_can_confirm_is_confirmed_a_day_after_it_was_announced(folder: Folder) -> None:
    """Until the restore is confirmed, the bot serves nobody. Everybody is notified as soon as it serves them again."""
    folder.admit(HIS, Removed(was=BOSS, was_admin=True), reference="")
    back_up(folder)
    restored(folder)
    assert "--role admin --alone" in folder.run(*CONFIRM).err

    assert "in the audit alone" in announced(folder)

    assert "It can be done from" in refused(folder, 23.9, *ALONE)
    assert "--role admin --alone" in folder.run(*CONFIRM).err
    Later.hours = 24.1
    said = folder.said(*ALONE)
    assert "Code for an admin, " in said
    assert "seraf-bot people confirm" in said
    assert "1 person is in" in folder.said(*CONFIRM)
    assert folder.run("purge").status == 0
    sam = read_account(folder.record().access)
    assert isinstance(sam, Account)
    assert (sam.notices.news, sam.notices.is_news_due) == ("break-glass-used", True)
    assert [what for _, what, _ in folder.entries()[-3:]] == ["break-glass-used", "invited", "people-confirmed"]


def test_an_administrator_who_can_choose_no_pin_does_not_keep_a_restored_store_from_everybody(folder: Folder) -> None:
    folder.admit(HIS, folder.standing(Role.ADMIN, who=BOSS), reference="")
    folder.enter(Entry(LONG_AGO, "operator anna", AuditEvent.BREAK_GLASS_USED, BOSS))
    back_up(folder)
    (folder.path / STORE).unlink()
    restore = ("backup", "restore", "then.age", "--identity", "identity.txt", "--confirmed-by", BOSS)
    assert run(folder.path, *restore, typed=f"{PIN}\n".encode(), settings={"COLUMNS": "300"}).status == 0
    assert f"--confirmed-by {BOSS}" in folder.run(*CONFIRM).err
    assert f"--confirmed-by {BOSS}" in folder.refused(*ALONE)

    folder.said("people", "renew", BOSS, "--new-pin")

    announced(folder)
    Later.hours = 24.1
    assert "Code for an admin, " in folder.said(*ALONE)
    assert folder.run(*CONFIRM).status == 0


def test_where_administrators_have_no_pins_a_restore_is_confirmed_a_day_after_it_was_announced(folder: Folder) -> None:
    """Here people sign in without a PIN. `check` warns that nobody could confirm; a command says how to get a PIN."""
    folder.admit(HIS, folder.standing(Role.ADMIN, who=BOSS), reference="")
    assert "SERAF_OIDC_UNLOCK=pin" not in folder.run("check").out
    without = altered(folder.standing(Role.ADMIN, who=BOSS), pin="", opens_by_sign_in=True)
    folder.admit(HIS, without, reference="")
    assert "SERAF_OIDC_UNLOCK=pin" in folder.run("check").out
    assert "SERAF_OIDC_UNLOCK=pin" in folder.refused("people", "invite", "--role", "admin", "--confirmed-by", BOSS)
    assert f"--confirmed-by {BOSS}" in folder.refused(*ALONE), "no restore waits, so that they can choose one"
    back_up(folder)

    assert "No administrator in this backup has a PIN" in restored(folder)

    announced(folder)
    Later.hours = 24.1
    assert "Code for an admin, " in folder.said(*ALONE)
    assert "2 people are in" in folder.said(*CONFIRM)


def test_announcements_from_before_a_restore_do_not_return(folder: Folder) -> None:
    """An announcement from before a restore may have been withdrawn or used since the backup was made."""
    folder.admit(HIS, Removed(was=BOSS, was_admin=True), reference="")
    then = datetime.now(UTC) - timedelta(hours=30)
    result = Entry(then + timedelta(minutes=1), WHO, AuditEvent.BREAK_GLASS_TOLD)
    folder.enter(Entry(then, "operator anna", AuditEvent.BREAK_GLASS), result)
    back_up(folder)
    assert "break glass" in folder.run("check").out
    folder.said("people", "withdraw", "--alone")

    restored(folder, "--replay", "since.jsonl")

    assert "break glass" not in folder.run("check").out
    assert "Nothing was changed" in folder.refused("people", "withdraw", "--alone")
    announced(folder)
