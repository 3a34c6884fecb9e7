"""Tests that the hourly round of a running bot deletes every kind of row at the end of its retention time."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from bot.access.account import Account, Removed, Terms, written
from bot.channels.delivery import ChatLanes
from bot.channels.due_work import Recovery
from bot.conversation.changes import removal
from bot.storage.passes import Pass, PassDecision, PassTurn
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import (
    Decide,
    Decision,
    Inbound,
    MonthlyCount,
    OutOfStep,
    OwedDocument,
    Record,
    Reminder,
    Shared,
    SignIn,
)
from bot.trail.chain import Entry
from dialogs.core.role import Role
from seraf.advice.contacts import Check
from tests.support.command_line.desk import with_case
from tests.support.people.accounts import altered
from tests.support.people.looked_at import Wall
from tests.support.people.visiting import KEYS, OPEN, START, Hands, Visitor
from tests.support.store.builders import ask, bringing, changed

DAY = timedelta(days=1)
SOON = START + DAY
EVER = START + 400 * DAY
LEAVER, LATE, EARLY = "telegram:7", "telegram:8", "telegram:9"
"""A person who is removed, and two whose cases expire: one by the time in its row, one by a term shortened since."""

STANDING = OPEN[Role.PRACTITIONER]

STAYS = {
    "people": "a hash in place of the name of somebody who was removed, and whoever is let in",
    "standings": "the same",
    "meta": "the name of the keys",
    "ledger": "the count of all rows",
    "audit": "the latest month",
    "audit_segments": "that there was a month",
    "editions": "no person is in it",
    "contacts": "no person is in it",
    "teams": "who is in a team stays until an administrator changes it, or the person is removed",
    "restores": "a restore waits until somebody has confirmed who is in",
}
"""Tables whose rows have no retention time, each with the reason."""


class Days(Hands):
    """A test clock that advances by at least `least` at each sleep, and cancels the sleeping task after `until`."""

    def __init__(self, until: datetime, *, least: timedelta = DAY) -> None:
        self.at, self._until, self._least = START, until, least

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        if seconds < 1:
            return
        self.at += max(timedelta(seconds=seconds), self._least)
        if self.at > self._until:
            raise asyncio.CancelledError


async def tidied(visitor: Visitor, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.due_work.asyncio", SimpleNamespace(sleep=days.sleep, Lock=asyncio.Lock))
    visitor.clock.at = days.at
    lanes = ChatLanes(visitor.bot, Wall(), visitor.store, str.encode)
    recovery = Recovery(visitor.bot, visitor.store, lanes, Wall())
    with pytest.raises(asyncio.CancelledError):
        await recovery.tidy(audit_months=1)
    await recovery.settle()


def kept(access: Account, *, active: datetime, due: datetime) -> Decide:
    def decide(record: Record, _: object = None) -> Decision:
        after = replace(
            with_case(replace(record, active=active), record.person),
            access=written(altered(access, seen=active)),
            active=active,
            due=due,
        )
        document, room = (
            OwedDocument(record.person, record.person, "pdf", active),
            Shared("ROOM", "{}", SOON, (record.person,)),
        )
        counts, reminder = (MonthlyCount("2025-12", "lead", "told"),), Reminder(record.person, "A 1", SOON)
        return Decision(after, (), (document, room, reminder, *counts))

    return decide


REHEARSED = bringing(changed(rehearsal="{}", access=written(STANDING)), document=OwedDocument(LEAVER, "", "pdf", START))


async def fill(store: Store) -> None:
    late = kept(STANDING, active=START, due=START + 7 * DAY)
    early = kept(STANDING, active=START, due=EVER)
    await store.turns(
        [
            Inbound("late", START, LATE, late, "own message"),
            Inbound("early", START, EARLY, early, None),
            Inbound("rehearse", START, LEAVER, REHEARSED, None),
        ]
    )
    await store.write(lambda t: t.messages_to_remove.add(LATE, "message 1", born=START))
    await store.write(lambda t: t.invitation_codes.issue("ABCD", "text", until=SOON))
    await store.write(lambda t: t.sign_ins.keep(SignIn("secret", LATE, SOON)))
    await store.write(lambda t: t.tries.may_try("telegram:10", START))
    keep = PassDecision(Pass("name", "ROOM", SOON))
    await store.passes.turns([PassTurn("pass", START, "name", lambda *_: keep, "ROOM")])
    await store.write(
        lambda t: t.contact_checks.keep(Check("art", "1", START.date(), is_right=True), Entry(START, "operator", "x"))
    )
    await store.write(lambda t: t.audit.append([Entry(START - 90 * DAY, "operator", "invited", "0a0b0c0d")]))


def rows_of(path: Path) -> dict[str, int]:
    names = [str(name) for name in ask(path, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return {name: int(str(ask(path, f"SELECT count(*) FROM {name}")[0])) for name in names}


async def test_every_kind_of_row_is_gone_at_the_end_of_its_term(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables without a retention time are listed in `STAYS`, so a new table fails here until somebody decides on it."""
    store = await open_sqlite(tmp_path / "store.db", KEYS)
    await fill(store)
    path, terms = tmp_path / "store.db", Terms(unfinished=10 * DAY)
    before = rows_of(path)
    assert [name for name, count in before.items() if not count and name not in STAYS] == [], "a row of every kind"
    visitor = Visitor(terms=terms, store=store)
    visitor.clock = days = Days(START + 70 * DAY)
    visitor.bot = replace(visitor.bot, clock=days)
    await store.turns([Inbound("removed", START, LEAVER, removal(START), None)])
    await store.turns([Inbound("seen", START, LEAVER, changed(due=None), None)])

    await tidied(visitor, days, monkeypatch)

    after = rows_of(path)
    assert {name: count for name, count in after.items() if count and name not in STAYS} == {}
    assert set(STAYS) >= {name for name, count in after.items() if count}
    assert after["audit"] < before["audit"] + 20
    found = await store.recall(LEAVER)
    assert found is not None
    assert found[0].access == written(Removed(was=STANDING.audit_id))
    assert LEAVER not in {record.person for record, _ in await store.everyone()}
    await store.close()


async def test_the_file_is_vacuumed_once_a_day_and_each_finding_logged_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finding about an inconsistent store enters the audit only once, although the round runs hourly."""
    store = await open_sqlite(tmp_path / "store.db", KEYS)
    visitor, days = Visitor(store=store), Days(START + 3 * DAY, least=timedelta(0))
    visitor.clock = days
    visitor.bot = replace(visitor.bot, clock=days)
    scrubbed = list[date]()

    async def found() -> OutOfStep:
        return OutOfStep(("people",), people=1 if days.at < START + 2 * DAY else 2)

    async def scrub() -> None:
        scrubbed.append(days.at.date())

    monkeypatch.setattr(store, "verify", found)
    monkeypatch.setattr(store, "scrub", scrub)
    with capture_logs() as lines:
        await tidied(visitor, days, monkeypatch)

    assert scrubbed == [(START + day * DAY).date() for day in range(4)]
    assert [entry.at.date() for entry in await store.read(lambda t: t.audit.entries())] == [
        START.date(),
        (START + 2 * DAY).date(),
    ]
    assert [each["people"] for each in lines if each["event"] == "out of step"] == [1, 2]
    await store.close()
