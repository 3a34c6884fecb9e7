"""Tests that the bot reads no row while nothing is due, and acts on time when the clock or a commit makes work due."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.delivery import ChatLanes
from bot.channels.due_work import LOOK_EVERY
from bot.conversation.changes import locking
from bot.crypto.keys import create_key_file
from bot.runtime.settings import StorePlace
from bot.storage.opening import open_store
from bot.storage.store import Store
from bot.storage.values import Decision, OwedDocument, Shown
from dialogs.core.role import Role
from tests.support.command_line.cli import run_apart
from tests.support.people.admitting import access
from tests.support.people.looked_at import Room
from tests.support.people.visiting import KEYS, REFERENCE, Visitor
from tests.support.store.builders import sqlite_of

LOCKED = "Tap your PIN"
ASKED = "PRAGMA data_version"
"""The SQL statement that asks whether another program has committed. It reads no row."""


class Idle:
    """A person at the first item of a case, a store in a file, and a bot that has nothing left to do."""

    def __init__(self, folder: Path, store: Store, room: Room) -> None:
        self.folder, self.store, self.room = folder, store, room
        self.statements: list[str] = []

    @classmethod
    async def at(cls, folder: Path, now: datetime | None = None) -> "Idle":
        create_key_file(folder / "seraf.key")
        store = await open_store(StorePlace(folder / "seraf.sqlite"), folder / "seraf.key")
        sam = Visitor(store=store)
        sam.clock.at = now or sam.clock.at
        await sam.set(access(KEYS, Role.PRACTITIONER, at=sam.clock.at))
        idle = cls(folder, store, Room(await sam.begin()))
        await idle.room.show()
        for _ in range(4):
            await idle.room.look(seconds=30)
        await store.read(lambda t: sqlite_of(t).set_trace_callback(idle.statements.append))
        return idle

    async def rest(self, **time: float) -> list[str]:
        looks = timedelta(**time) // timedelta(seconds=LOOK_EVERY)
        return [each for _ in range(looks) for each in await self.asked(seconds=LOOK_EVERY)]

    async def asked(self, **time: float) -> list[str]:
        self.room.sam.later(**time)
        self.statements.clear()
        await self.room.due_work.look()
        return list(self.statements)

    async def look(self, **time: float) -> str:
        return await self.room.look(**time)


@pytest.fixture
async def idle(tmp_path: Path) -> AsyncIterator[Idle]:
    made = await Idle.at(tmp_path)
    yield made
    await made.store.close()


async def test_no_row_is_read_while_nothing_is_due(idle: Idle) -> None:
    asked = await idle.rest(minutes=7)

    assert asked == [ASKED] * 840


async def test_an_old_card_is_replaced_at_its_hour(idle: Idle) -> None:
    await idle.look(minutes=8)
    card = Shown("message 9", idle.room.sam.clock.at, b"", sending=False)
    await idle.store.show(idle.room.sam.person, card)
    for _ in range(3):
        await idle.look(hours=13)
    did = list(idle.room.wall.did)

    await idle.look(hours=1, microseconds=-1)
    assert idle.room.wall.did == did
    await idle.look(microseconds=1)

    assert idle.room.wall.did == [*did, "removed"]


async def test_a_card_being_sent_does_not_count_as_old(idle: Idle, monkeypatch: pytest.MonkeyPatch) -> None:
    await idle.look(minutes=8)
    card = Shown("message 9", idle.room.sam.clock.at, b"", sending=False)
    await idle.store.show(idle.room.sam.person, card)
    monkeypatch.setattr(ChatLanes, "is_showing", lambda _, person: person == idle.room.sam.person)
    did = list(idle.room.wall.did)

    for _ in range(4):
        await idle.look(hours=13)

    assert idle.room.wall.did == did


async def test_own_commits_are_seen_at_the_next_look(idle: Idle) -> None:
    await idle.rest(minutes=5)
    await idle.room.sam.press("Yes")
    await idle.rest(minutes=9)
    assert await idle.look(minutes=1, microseconds=-1) == ""
    assert LOCKED in await idle.look(microseconds=1)

    await idle.room.sam.pin()
    await idle.rest(minutes=1)
    await idle.room.sam._turn(locking(idle.room.sam.clock.at))  # noqa: SLF001
    assert LOCKED in await idle.look()


async def test_commits_of_another_process_are_seen_at_the_next_look(tmp_path: Path) -> None:
    idle = await Idle.at(tmp_path, datetime.now(UTC) - timedelta(minutes=2))
    await idle.rest(seconds=10)
    places = {"SERAF_STORE": str(tmp_path / "seraf.sqlite"), "SERAF_KEY_FILE": str(tmp_path / "seraf.key")}

    ran = await asyncio.to_thread(run_apart, tmp_path, "people", "lock", "7", settings=places)
    assert ran.status == 0, ran
    idle.room.sam.clock.at = datetime.now(UTC)

    assert LOCKED in await idle.look()
    await idle.store.close()


async def test_a_clock_that_was_set_back_is_seen_at_the_next_look(idle: Idle) -> None:
    await idle.rest(minutes=1)

    assert LOCKED in await idle.look(hours=-5)


async def test_a_pending_document_is_retried_every_minute(idle: Idle, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[str]()
    monkeypatch.setattr(idle.room.lanes, "show", lambda request: asked.append(request.person))
    sam = idle.room.sam
    pending = OwedDocument(sam.person, REFERENCE, "pdf", sam.clock.at)
    await sam._turn(lambda record, _: Decision(record, (), (pending,)))  # noqa: SLF001

    await idle.rest(minutes=3)
    assert asked == [sam.person] * 3
    await idle.store.write(lambda t: t.documents.forget(pending))
    await idle.rest(minutes=2)

    assert asked == [sam.person] * 3
    assert await idle.rest(minutes=1) == [ASKED] * 120


async def test_daytime_messages_come_in_the_morning(idle: Idle) -> None:
    await idle.look(minutes=8)
    for _ in range(3):
        await idle.look(hours=6)
    assert await idle.asked(hours=3, minutes=-10, microseconds=-1) == [ASKED]

    assert len(await idle.asked(microseconds=1)) > 1
    assert await idle.asked(seconds=1) == [ASKED]
