"""Tests of rounds of due work: each person is handled on time, and a failure with one person delays nobody else."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.channels.delivery import ChatLanes, ShowRequest
from bot.channels.due_work import AT_ONCE, DueWork, Recovery
from bot.operations.housekeeping import bring_back
from bot.runtime.clock import EPOCH
from bot.storage.sqlite.opening import open_sqlite
from dialogs.core.codec import ReadTexts
from dialogs.core.role import Role
from tests.support.people.looked_at import OLD, Room
from tests.support.people.staff import fresh
from tests.support.people.visiting import OPEN, START, Visitor
from tests.support.store.builders import ADA, BEA, KEYS, NOON, changed, event, left_in

TERM = timedelta(days=30)
HERE = OPEN[Role.PRACTITIONER]


class Unreached(ChatLanes):
    """A test double of `ChatLanes` that counts requests and delivers nothing, as if Telegram could not be reached."""

    asked = 0

    def show(self, request: ShowRequest) -> None:
        self.asked += 1


@pytest.fixture
async def room() -> Room:
    found = Room(await (await Visitor.let_in()).begin())
    await found.show()
    return found


async def test_two_things_that_are_due_within_a_minute_are_both_done_in_time(room: Room) -> None:
    finished = START + timedelta(minutes=9, seconds=30) + timedelta(days=2) - TERM
    await room.sam.set_head(finished=finished)
    await room.sam.press("Yes")
    assert "will be erased on" in await room.look(minutes=9, seconds=30)

    assert "Tap your PIN" in await room.look(seconds=30)


@pytest.fixture
def is_read(room: Room, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    said = [True]

    async def is_gone(*, seconds: float) -> bool:
        await asyncio.sleep(0.01)
        return not said[0]

    monkeypatch.setattr(room.sam.store, "is_gone", is_gone)
    return said


async def test_a_chat_confirms_an_erasure_once_no_file_holds_the_case(room: Room, is_read: list[bool]) -> None:
    await room.look(days=5)
    await room.due_work.look()
    room.sam.later(days=2)
    before = list(room.wall.did)

    await room.due_work.look()
    await asyncio.sleep(0.1)
    found = await room.sam.store.recall(room.sam.person)
    assert found is not None
    assert found[0].case is None
    assert room.wall.did == before

    is_read[0] = False
    await asyncio.sleep(0.1)
    await room.lanes.settle(1)
    assert room.wall.did[len(before) :] == ["removed"]


async def test_nothing_of_a_case_is_remembered_from_one_look_to_the_next(room: Room) -> None:
    texts = ReadTexts(str.upper)
    texts.of("yes")

    await room.due_work.look()

    assert len(texts) == 0


async def test_an_unused_old_card_is_never_sent_again(room: Room) -> None:
    """A request to show such a card, for example after an outage, is ignored. The next round of due work removes it."""
    await room.look(minutes=10)
    room.sam.later(hours=40)

    room.lanes.show(ShowRequest(room.sam.person, is_unsure=True))
    await room.lanes.settle(1)
    assert room.wall.did == []

    await room.look()
    assert room.wall.did == ["removed"]


async def test_an_old_card_with_news_of_left_messages_is_sent_again_and_stays(room: Room) -> None:
    """Nobody has read this card yet, so the next round of due work must not remove it for its age."""
    await room.look(minutes=10)
    room.sam.later(hours=48)
    now = room.sam.clock.now()
    await bring_back(room.sam.store, room.sam.person, left=now, now=now)

    room.lanes.show(ShowRequest(room.sam.person, tells=True))
    await room.lanes.settle(1)

    assert "could not be removed" in await room.look()
    assert "could not be removed" in await room.look(hours=1)
    assert room.wall.did == ["sent", "removed"]


async def test_an_old_card_in_use_is_always_sent_again(room: Room) -> None:
    """A card that is in use is sent again before it is so old that Telegram would refuse to remove it."""
    room.sam.later(hours=30)
    await room.sam.command("help")
    room.sam.later(hours=10)

    room.lanes.show(ShowRequest(room.sam.person, is_unsure=True))
    await room.lanes.settle(1)

    assert room.wall.did == ["sent", "removed"]


async def _keep_in_chat(room: Room, hours: int, born: datetime) -> None:
    await room.sam.store.write(
        lambda t: t.messages_to_remove.add(room.sam.person, f"file {hours}", born=born, is_kept=True)
    )


async def test_a_message_that_cannot_be_removed_now_is_removed_later(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[tuple[str, ...]] = [("left",), ()]
    asked: list[str] = []

    async def remove(person: str, handles: Sequence[str]) -> tuple[str, ...]:
        asked.extend(handles)
        return gone.pop()

    monkeypatch.setattr(room.wall, "remove", remove)
    await left_in(room.sam.store, room.sam.person, "left", born=START)
    recovery = Recovery(room.sam.bot, room.sam.store, room.lanes, room.wall)

    for _ in range(3):
        await recovery._remove_left_messages()  # noqa: SLF001
        await asyncio.sleep(0.1)

    assert asked == ["left", "left"]
    await recovery.settle()


async def test_of_several_undeletable_messages_the_latest_time_is_reported(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stays(person: str, handles: Sequence[str]) -> tuple[str, ...]:
        return ()

    monkeypatch.setattr(room.wall, "remove", stays)
    for hours in (1, 3):
        born = START + timedelta(hours=hours)
        await _keep_in_chat(room, hours, born)
    recovery = Recovery(room.sam.bot, room.sam.store, room.lanes, room.wall)

    recovery.begin(None, room.sam.later(hours=60).clock.now())
    async with asyncio.timeout(60):
        while room.sam.access.notices.left is None:
            await asyncio.sleep(0.01)
            await fresh(room.sam)

    assert room.sam.access.notices.left == START + timedelta(hours=3, minutes=1)
    await recovery.settle()


@pytest.mark.parametrize("is_in_use", [True, False])
async def test_an_old_card_that_could_not_be_removed_is_known_to_be_as_old_as_it_is(
    room: Room, monkeypatch: pytest.MonkeyPatch, *, is_in_use: bool
) -> None:
    """The bot must know the card's true age, because Telegram refuses to remove a message above a certain age."""

    async def stays(person: str, handles: Sequence[str]) -> tuple[str, ...]:
        return ()

    monkeypatch.setattr(room.wall, "remove", stays)
    await room.look(hours=30)
    if is_in_use:
        await room.sam.command("help")
    await room.look(hours=10)

    assert room.wall.did == ["sent"] * is_in_use
    assert [each.born for each in await room.sam.store.read(lambda t: t.messages_to_remove.of(room.sam.person))] == [
        START
    ]


async def test_the_removal_of_an_old_card_is_retried_once_a_minute(room: Room) -> None:
    """While Telegram cannot be reached, the bot would otherwise retry in every round of due work, twice a second."""
    out_of_reach = Unreached(room.sam.bot, room.wall, room.sam.store, str.encode)
    room.due_work = DueWork(room.sam.bot, room.sam.store, out_of_reach, OLD)

    counts = []
    for seconds in (OLD.total_seconds(), 1, 58, 1):
        await room.look(seconds=seconds)
        counts.append(out_of_reach.asked)

    assert counts == [1, 1, 1, 2]


async def test_one_look_handles_a_limited_number_of_people(room: Room) -> None:
    """A limit on people in each round keeps those who tap from waiting. The rest are handled in the next round."""
    others = [Visitor(f"telegram:{number}", beside=room.sam) for number in range(100, 100 + AT_ONCE + 5)]
    for other in others:
        await other.set(HERE)
        await other.command("contacts")

    counts = []
    for minutes in (10, 0):
        await room.look(minutes=minutes)
        counts.append(sum('"is_locked":true' in record.access for record, _ in await room.sam.store.everyone()))

    assert counts == [AT_ONCE, len(others) + 1]


async def test_whose_turn_fails_holds_up_nobody_and_is_tried_again_after_a_minute(room: Room) -> None:
    await room.sam._turn(changed(case="no case of ours", due=START))  # noqa: SLF001
    with capture_logs() as lines:
        await room.look(days=8)
        await room.look(seconds=59)
        await room.look(seconds=1)

    assert [line["event"] for line in lines if line["event"] == "refused"] == ["refused"] * 2


async def test_one_damaged_name_does_not_hold_up_the_others(tmp_path: Path) -> None:
    """The damaged row does not show whose it is, so nobody is notified of it."""
    path = tmp_path / "store.db"
    store = await open_sqlite(path, KEYS)
    due = [event(f"k{person}", changed(due=NOON), person=person) for person in (ADA, BEA)]
    await store.turns(due)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE people SET person = zeroblob(157) WHERE rowid = 1")
    other.close()

    assert await store.read(lambda t: t.people.due(NOON, EPOCH, most=9)) in ((ADA,), (BEA,))
    await store.close()


async def test_one_damaged_row_does_not_hold_up_what_is_due_for_others(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await open_sqlite(path, KEYS)
    room = Room(await (await Visitor.let_in(store=store)).begin())
    await room.show()
    await store.turns([event("damaged", changed(due=START), person=ADA)])
    for person in (ADA, room.sam.person):
        await left_in(store, person, f"left of {person}", born=START)
    with contextlib.closing(sqlite3.connect(path)) as other, other:
        other.execute("UPDATE people SET profile = zeroblob(200) WHERE mark = ?", (KEYS.mark("person", ADA),))

    with capture_logs() as lines:
        assert "Tap your PIN" in await room.look(minutes=10)
        await Recovery(room.sam.bot, store, room.lanes, room.wall)._remove_left_messages()  # noqa: SLF001

    assert [each.person for each in await store.read(lambda t: t.messages_to_remove.oldest_first())] == [ADA]
    assert "a row does not open" in [line["event"] for line in lines]
    await store.close()


async def test_a_start_confirms_no_erasure_while_somebody_reads(
    room: Room, is_read: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a kill, the log may still hold an erased case. Until it is empty, people without a case see no card."""
    await room.sam.store.turns([event("bea", changed(active=room.sam.clock.now()), person=BEA)])
    await room.sam.set(replace(room.sam.access))
    recovery = Recovery(room.sam.bot, room.sam.store, room.lanes, room.wall)
    erased = room.sam.record.person
    found = await room.sam.store.recall(erased)
    assert found is not None
    await room.sam.store.turns([event("gone", changed(case=None, active=room.sam.clock.now()), person=erased)])
    asked = list[str]()
    monkeypatch.setattr(room.lanes, "show", lambda request: asked.append(request.person))

    recovery.begin(None, room.sam.clock.now())
    await asyncio.sleep(0.5)
    assert erased not in asked

    is_read[0] = False
    await asyncio.sleep(0.5)
    assert erased in asked
