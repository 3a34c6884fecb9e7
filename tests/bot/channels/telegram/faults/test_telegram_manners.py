"""Promise P13: whatever fails at Telegram, the bot waits as long as asked, limits new messages, and loses nothing."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.channels.telegram import request
from bot.channels.telegram.request import A_CHAT
from tests.fakes.telegram import FakeClock, FakeTelegram, FaultKind, Person
from tests.support.abreast import abreast
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.telegram.bots import At, running
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.mirror import Mirror, foreseen
from tests.support.telegram.monitors import asked, free_address
from tests.support.telegram.walker import come_to_item, item_number

BEA = 11
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
REFUSALS: tuple[FaultKind, ...] = ("too_many", "too_many_for_all")
KINDS: tuple[FaultKind, ...] = (
    *REFUSALS,
    *("unauthorized", "cut_before", "cut_after", "error_500", "error_502", "garbage", "late"),
)
METHODS = (
    None,
    "sendMessage",
    "editMessageText",
    "editMessageText",
    "deleteMessage",
    "answerCallbackQuery",
    "getUpdates",
)
ABREAST = 8
"""The number of fault schedules that run at the same time, each with its own bot and fake Telegram."""

PATIENCE = 60.0


def plan(server: FakeTelegram, draw: Random) -> None:
    """Schedule one to four random faults for the coming calls to the fake Telegram."""
    for _ in range(draw.randint(1, 4)):
        server.fault(
            kind=draw.choice(KINDS),
            method=draw.choice(METHODS),
            skip=draw.randint(0, 3),
            times=draw.randint(1, 2),
            retry_after=draw.choice((1, 1, 2)),
            seconds=0.2,
        )


async def act(person: Person, mirror: Mirror, draw: Random) -> None:
    written = [message for message in person.chat if message.by_bot and message.keyboard]
    if not written or draw.random() < 0.2:
        text = draw.choice(("/start", "/urgent", "/resume", "hello"))
        await person.send(text)
        mirror.type(text)
        return
    callback_data = draw.choice(foreseen(each.callback_data for each in written[-1].buttons if each.callback_data))
    await person.tap_data(callback_data, on=written[-1])
    mirror.press(callback_data)


async def keep(folder: Path, draw: Random) -> None:
    """Run a random schedule; check that the bot waited as asked, and that store and chat match a run without faults."""
    async with FakeTelegram(clock=FakeClock(NOON)) as server:
        home, mirror, sam = Home(folder, server), Mirror(NOON), server.person(SAM)
        async with running(home, At(FakeClock(NOON)), a_chat=A_CHAT):
            await sam.send("/start")
            mirror.type("/start")
            await sam.until(lambda: mirror.is_shown_by(sam), timeout=PATIENCE)
            plan(server, draw)
            for _ in range(draw.randint(4, 10)):
                await act(sam, mirror, draw)
                await asyncio.sleep(draw.choice((0.0, 0.05, 0.2)))
            await sam.until(lambda: not server.pending, timeout=PATIENCE)
            await sam.until(lambda: mirror.is_shown_by(sam), timeout=PATIENCE)
            await sam.until(lambda: not server.world.queries.open_for(SAM), timeout=PATIENCE)
        assert await home.session(SAM) == mirror.session
        assert (server.violations, server.crowding()) == ([], [])


@pytest.mark.prove
async def test_fault_schedules_lose_nothing_and_anger_nobody(
    tmp_path_factory: pytest.TempPathFactory, promise: Promise
) -> None:
    """Promise P13: nothing is lost if any call meets an error 429, a cut connection, another error or garbage."""
    count = times(1_000, 6)

    async def one(seed: int) -> None:
        await keep(tmp_path_factory.mktemp("schedule"), Random(seed))

    await abreast(range(count), one, at_once=ABREAST)
    promise.reached("P13", asked=count, reached=count, of="fault schedules, polite and complete")


async def test_a_tap_delivered_again_breaks_no_silence_of_its_answer(running_bot: Home, sam: Person) -> None:
    server = running_bot.server
    await come_to_item(sam, 2)
    server.fault(method="answerCallbackQuery", kind="too_many", retry_after=1, times=1)

    tap = await sam.tap_data(sam.card.buttons[0].callback_data or "", on=sam.card)
    await sam.until(lambda: not server.pending)
    await asyncio.sleep(0.5)
    assert tap.update_id is not None
    server.redeliver(tap.update_id)
    await sam.until(lambda: not server.world.queries.open_for(SAM), timeout=10)

    assert server.violations == []


async def test_new_messages_to_many_people_are_paced(tmp_path: Path) -> None:
    people = range(1_000, 1_060)
    async with FakeTelegram() as server:
        async with running(Home(tmp_path, server, admitted=frozenset(people)), a_chat=A_CHAT):
            for number in people:
                await server.person(number).send("/start")
            for number in people:
                await server.person(number).sees("SERAF consultation", timeout=20)

        assert len(server.sent_at) >= len(people), "somebody for whom the store is slow is shown whom to call first"
        assert (server.violations, server.crowding()) == ([], [])


@pytest.mark.parametrize("kind", REFUSALS)
async def test_while_two_chats_are_refused_every_card_arrives(tmp_path: Path, kind: FaultKind) -> None:
    """Telegram does not say whether it refuses two chats or all, so no call is repeated before the time it named."""
    async with FakeTelegram() as server:
        async with running(Home(tmp_path, server, admitted=frozenset({SAM, KIM, BEA}))):
            people = [server.person(number) for number in (SAM, KIM, BEA)]
            for person in people:
                await come_to_item(person, 2)
            server.fault(method="editMessageText", kind=kind, retry_after=2, times=2)
            for person in people:
                await person.click("No")
            await people[0].until(lambda: all(item_number(person.card) == 3 for person in people))

        assert server.violations == []


async def test_a_poll_that_is_refused_is_counted_and_soon_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert request.LONGEST_DEAF < 60
    monkeypatch.setattr(request, "LONGEST_DEAF", 0.2)
    async with FakeTelegram() as server:
        home, sam = Home(tmp_path, server, watch_address=free_address()), server.person(SAM)
        async with running(home):
            await sam.ask("/start")
            server.fault(method="getUpdates", kind="too_many", retry_after=600, times=2)
            await sam.send("/help")
            await sam.sees("Help")
            await sam.send("/urgent")
            await sam.sees("999", timeout=20)
            seen = await asked(home.watch_address, "/metrics")

    assert seen.number("seraf_telegram_refusals_total") == 2
