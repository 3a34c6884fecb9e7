"""Tests that `seraf-bot purge` deletes what is past its retention time, except held cases, and keeps the rest."""

import re
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from bot.runtime.single_instance import Alone
from bot.storage.session import fault
from bot.storage.sqlite.transaction import UNWRITTEN
from bot.storage.store import Store
from bot.storage.values import Inbound
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from tests.support.command_line.desk import REFERENCE, SAM, Folder
from tests.support.people.accounts import altered
from tests.support.store.builders import changed

DAY = timedelta(days=1)


def counts(said: str) -> list[int]:
    return [int(number) for number in re.findall(r"^ *(\d+) ", said, re.MULTILINE)]


def admit_late(folder: Folder, days: int, person: str = SAM, *, held: str = "") -> None:
    last = datetime.now(UTC) - days * DAY
    folder.admit(
        person, altered(folder.standing(), seen=last, is_locked=True), due=last + 5 * DAY, active=last, held=bool(held)
    )


def test_everything_past_its_term_goes_and_is_counted(folder: Folder) -> None:
    now = datetime.now(UTC)
    folder.enter(Entry(now - 800 * DAY, "operator", AuditEvent.INVITED), Entry(now, "operator", AuditEvent.INVITED))
    folder.do(lambda store: store.write(lambda t: t.invitation_codes.issue("ABCD", "text", until=now - DAY)))
    folder.do(lambda store: store.turns([Inbound("old", now - 9 * DAY, None, None, None)]))
    admit_late(folder, 8)

    said = folder.said("purge")

    assert counts(said) == [1, 0, 1, 1, 1]
    assert folder.record().case is None
    assert ("bot", "erased-by-time", REFERENCE) in folder.entries()
    assert counts(folder.said("purge")) == [0, 0, 0, 0, 0]


def test_a_failed_vacuum_is_reported_next_to_the_erased_cases(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    admit_late(folder, 8)
    full = sqlite3.OperationalError()
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    async def refuse(store: Store) -> None:
        raise fault(full, UNWRITTEN)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "scrub", refuse)
        ran = folder.run("purge")

    assert (ran.status, counts(ran.out)[0]) == (2, 1)
    assert "was erased, but copies of it may be left in a file until a `seraf-bot purge` goes through" in ran.err
    assert "Nothing of this step was saved" not in ran.err
    assert folder.record().case is None
    assert counts(folder.said("purge"))[0] == 0


def test_the_vacuum_is_left_to_the_running_bot(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    admit_late(folder, 8)
    scrubbed = list[Store]()

    async def scrub(store: Store) -> None:
        scrubbed.append(store)

    monkeypatch.setattr(Store, "scrub", scrub)
    with Alone(folder.path / "var" / "seraf.sqlite"):
        other = folder.said("purge")
        assert scrubbed == []
    stopped = folder.said("purge")

    assert counts(other)[0] == 1
    assert "until the bot rewrites it" in other
    assert "until the bot rewrites it" not in stopped
    assert len(scrubbed) == 1


def test_cases_that_could_not_be_erased_are_reported_next_to_the_erased_ones(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    admit_late(folder, 8)

    async def refuse(*_: object, **__: object) -> tuple[int, tuple[str, ...]]:
        return 1, ("ValueError 1a2b3c4d",)

    monkeypatch.setattr("bot.cli.operate.store.erase_what_is_over", refuse)
    ran = folder.run("purge")

    assert (ran.status, counts(ran.out)[0]) == (2, 1)
    assert "1 assessment is past its term and could not be erased (ValueError 1a2b3c4d)" in ran.err


def test_rows_within_their_term_stay(folder: Folder) -> None:
    folder.do(
        lambda store: store.write(lambda t: t.invitation_codes.issue("ABCD", "text", until=datetime.now(UTC) + DAY))
    )
    admit_late(folder, 6)

    assert counts(folder.said("purge")) == [0, 0, 0, 0, 0]
    assert folder.record().case is not None


def test_the_term_is_that_of_the_settings(folder: Folder) -> None:
    admit_late(folder, 4)
    folder.said("people", "lock", "7")
    assert counts(folder.said("purge"))[0] == 0

    folder.said("people", "renew", "7", SERAF_UNFINISHED_DAYS="3")

    assert counts(folder.said("purge", SERAF_UNFINISHED_DAYS="3"))[0] == 1


def test_a_first_administrator_who_was_removed_and_forgotten_is_awaited_no_more(folder: Folder) -> None:
    """The settings still name the person, but `people list` and `check` no longer expect them to arrive."""
    folder.admit(reference="")
    folder.said("people", "remove", "7", "--yes")
    folder.do(lambda store: store.turns([Inbound("seen", datetime.now(UTC), SAM, changed(due=None), None)]))

    assert counts(folder.said("purge"))[1] == 1
    assert SAM not in {record.person for record, _ in folder.do(lambda store: store.everyone())}
    assert "not seen yet" not in folder.said("people", "list", SERAF_ADMINS="7")
    assert "0 admitted, 1 first" not in folder.run("check", SERAF_ADMINS="7").out
    assert "They were removed already" in folder.said("people", "remove", "7", SERAF_ADMINS="7")
