"""Tests that changes made while Telegram is silent, the bot is down or blocked, or the disk is full show afterwards."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels import due_work
from bot.channels.delivery import BLANK
from bot.conversation.changes import locking, removal
from bot.crypto.keys import load_key_file
from bot.runtime.errors import StoreFault
from bot.storage.values import Decision, Shown
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.people.admitting import access, admitting
from tests.support.people.looked_at import Room
from tests.support.people.visiting import Visitor
from tests.support.telegram.bots import REFERENCE, At, running
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.trusting import order
from tests.support.telegram.walker import come_to_item

SHOWING = ("editMessageText", "sendMessage")
CHANGES = {"lock": locking, "remove": removal}


async def begun(home: Home) -> Person:
    return await come_to_item(home.server.person(SAM), 3)


def is_closed(sam: Person) -> bool:
    return not any(REFERENCE in message.text for message in sam.chat)


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_that_telegram_did_not_take_is_shown_after_another_start(
    server: FakeTelegram, clock: FakeClock, tmp_path: Path, change: str
) -> None:
    home = Home(tmp_path, server)
    async with running(home, At(clock)):
        sam = await begun(home)
    clock.advance(hours=25)
    await order(home, clock, CHANGES[change](clock()))
    server.fault_until(clock() + timedelta(minutes=10), kind="too_many", methods=(*SHOWING, "deleteMessage"))
    async with running(home, At(clock)):
        await asyncio.sleep(3 * due_work.LOOK_EVERY)
    clock.advance(minutes=11)

    async with running(home, At(clock)):
        await sam.until(lambda: is_closed(sam), timeout=10, what="the card of the case still stands")


async def test_a_lock_is_shown_at_once_on_a_card_that_was_just_renewed(running_bot: Home, clock: FakeClock) -> None:
    """The card was replaced a moment ago, which must not delay the next round of due work."""
    sam = await begun(running_bot)
    for _ in range(2):
        clock.advance(hours=20)
        await sam.click("No")
        await sam.settled()
    clock.advance(hours=1)
    await asyncio.sleep(3 * due_work.LOOK_EVERY)

    await order(running_bot, clock, locking(clock()))

    await sam.until(lambda: is_closed(sam), timeout=3, what="the card of the case still stands")


@pytest.mark.parametrize("text", ['{"who":"0a0b0c0d","team":"x"}', '{"at":1}'])
async def test_a_standing_of_a_newer_release_stops_no_bot_and_loses_nothing(
    server: FakeTelegram, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(due_work, "PURGE_AFTER", 0.2)
    home = Home(tmp_path, server)
    async with running(home, At(clock)):
        sam = await begun(home)
    await order(home, clock, lambda record, _: Decision(replace(record, access=text, due=clock()), ()))

    async with running(home, At(clock)) as bot:
        await sam.until(lambda: is_closed(sam), timeout=10, what="the card of the case still stands")
        await asyncio.wait((bot,), timeout=4 * due_work.LOOK_EVERY)
        assert not bot.done()

    record = await home.record(SAM)
    assert record is not None
    assert record.case is not None


async def test_a_person_who_unblocks_the_bot_sees_the_current_card(
    server: FakeTelegram, clock: FakeClock, tmp_path: Path
) -> None:
    home = Home(tmp_path, server, lock_minutes=10)
    async with running(home, At(clock)):
        sam = await begun(home)
        await sam.block()
        clock.advance(minutes=11)
        await asyncio.sleep(2 * due_work.LOOK_EVERY)

        await sam.unblock()

        await sam.sees("Tap your PIN")
        assert is_closed(sam)


async def test_an_old_card_is_locked_too_while_nothing_can_be_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(await (await Visitor.let_in()).begin())
    born = room.sam.clock.now() - timedelta(hours=41)
    await room.sam.store.show(room.sam.person, Shown("message 0", born, b"", sending=False))
    room.wall.cards[room.sam.person] = room.sam.card or BLANK
    monkeypatch.setattr(room.sam.store, "write", _full)

    with pytest.raises(StoreFault):
        await room.look(minutes=30)

    await room.lanes.settle(1)
    assert "Tap your PIN" in room.wall.cards[room.sam.person].text


async def _full(*_: object, **__: object) -> None:
    raise StoreFault("full")


async def test_the_bot_ends_if_it_cannot_look_for_due_work(
    server: FakeTelegram, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service manager then restarts it. A bot that neither locks nor erases must not seem healthy."""
    monkeypatch.setattr(due_work.DueWork, "look", _broken)

    with pytest.raises(LookupError):
        await _ended(Home(tmp_path, server), clock)


async def _ended(home: Home, clock: FakeClock) -> None:
    async with running(home, At(clock)) as bot:
        await asyncio.wait((bot,), timeout=5)
        assert bot.done()


async def _broken(_: due_work.DueWork) -> None:
    raise LookupError


async def test_an_edited_message_is_removed(running_bot: Home, clock: FakeClock) -> None:
    stranger = running_bot.server.person(31)
    message = await stranger.send("hello")
    await stranger.sees("private service")
    await order(running_bot, clock, admitting(access(load_key_file(running_bot.key_file), at=clock())), person=31)

    await stranger.edit(message, "Jane Doe, born 1.2.2011")

    await stranger.until(lambda: all("Jane" not in each.text for each in stranger.chat), what="the words stayed")
