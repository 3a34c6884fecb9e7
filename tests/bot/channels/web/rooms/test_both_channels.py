"""Test of a room (a rehearsal of a group) with people on Telegram and guests in browsers, at the real bot."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dialogs.core.role import Role
from tests.bot.channels.telegram.test_telegram_rooms import follows
from tests.fakes.telegram import FakeClock, FakeTelegram
from tests.support.chromium.windows import free_port
from tests.support.counts import times
from tests.support.talk.gathering import Reader
from tests.support.telegram.bots import At, running
from tests.support.telegram.home import Home
from tests.support.telegram.rooms import card_of, opened, take_part, tap
from tests.support.web.rooming import RoomBrowser
from tests.support.web.wire import ORIGIN

TRAINER, FIRST = 7, 100
BROWSERS, CHATS = times(40, 4), times(20, 2)


@pytest.fixture
def home(server: FakeTelegram, tmp_path: Path) -> Iterator[Home]:
    people = frozenset({TRAINER, *range(FIRST, FIRST + CHATS)})
    yield Home(tmp_path, server, people, pages=free_port(), roles={TRAINER: Role.TRAINER})
    assert server.violations == []


async def guest(port: int, code: str, number: int) -> RoomBrowser:
    browser = RoomBrowser(port, f"/room/{code}")
    await browser.open()
    await browser.press("Join")
    return await browser.finish(Reader(number))


@pytest.mark.prove
async def test_both_rehearse_in_one_room_to_its_debrief(home: Home, clock: FakeClock) -> None:
    people = [home.server.person(FIRST + number) for number in range(CHATS)]
    everybody = BROWSERS + CHATS
    async with running(home, At(clock)):
        trainer = home.server.person(TRAINER)
        spoken = await opened(trainer)
        code, card = spoken.replace("-", ""), card_of(trainer).text
        link = re.search(rf"{ORIGIN}(/screen/\S+)", (await tap(trainer, "Screen")).text)
        assert link is not None
        screen = RoomBrowser(home.pages, link[1])
        await screen.open()
        await screen.press("Open the screen")
        chats = asyncio.gather(*(take_part(person, spoken, number) for number, person in enumerate(people)))
        browsers = await asyncio.gather(*(guest(home.pages, code, number) for number in range(BROWSERS)))
        await chats
        counted = f"{everybody} of up to 60 joined. {everybody} finished."
        await screen.open("/screen")
        on_screen = screen.answer.text
        await follows(trainer, clock, counted)
        await browsers[0].press("My answers")
        waits = browsers[0].text
        await tap(trainer, "End the room")
        closed = (await tap(trainer, "Close and compare")).text
        await screen.open("/screen")
        await tap(trainer, "Open model answers")
        await asyncio.gather(*(each.press("My answers") for each in browsers))
        debriefed = [each.text for each in browsers]
        marks = home.ask("SELECT count(*) FROM people"), home.ask("SELECT count(*) FROM passes")

    assert f"To join in any browser, without an account: {ORIGIN}/room/{code}" in card
    assert "Only people who already have access" not in card
    assert counted in on_screen
    assert "Your answers are counted." in waits
    assert f"{everybody} of {everybody} people finished." in closed
    assert f"{everybody} of {everybody} people finished." in screen.text
    assert all("critical actions" in each.lower() for each in debriefed)
    assert marks == ([(CHATS + 1,)], [(BROWSERS + 1,)])


async def test_without_an_address_there_are_no_pages_and_no_link(home: Home, clock: FakeClock) -> None:
    alone = Home(home.folder, home.server, frozenset({TRAINER}), roles={TRAINER: Role.TRAINER})
    async with running(alone, At(clock)):
        trainer = home.server.person(TRAINER)
        await opened(trainer)

        assert "in any browser" not in card_of(trainer).text
        assert "Screen" not in card_of(trainer).labels
        with pytest.raises(OSError):
            await asyncio.open_connection("127.0.0.1", home.pages)
