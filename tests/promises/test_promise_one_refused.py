"""P13 and P20 of docs/promises.md: Telegram's refusals (429) in some chats do not delay other chats or whom to call."""

import asyncio
import time
from pathlib import Path
from random import Random

import pytest

from bot.channels.telegram.polling import LONGEST_REFUSAL
from bot.channels.telegram.request import A_CHAT
from tests.fakes.telegram import FakeTelegram, Person
from tests.support.abreast import abreast
from tests.support.counts import IS_FULL, times
from tests.support.promising import Promise
from tests.support.telegram.bots import running
from tests.support.telegram.chats import is_one_card
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import come_to_item, item_number

OTHERS = range(1_000, 1_020)
REFUSED = 60

BEGUN = "SERAF consultation"
LIMIT = 1.0 if IS_FULL else 10.0
"""The limit in seconds for showing whom to call. A bounded run, beside many others, allows more."""

LAST_ROUND = 5.0
"""People stop tapping this many seconds before Telegram accepts calls about the refused chats again."""


async def look_up(person: Person, draw: Random, *, often: int, until: float) -> list[float]:
    """Tap “Call now” and “Back” in turn until `until` (monotonic). Return how many seconds each tap took."""
    took: list[float] = []
    while len(took) < often and time.monotonic() < until:
        for label, words in (("Call now", "999"), ("Back", BEGUN)):
            begun = time.monotonic()
            await person.press(label)
            await person.sees(words)
            took.append(time.monotonic() - begun)
            await asyncio.sleep(draw.uniform(0.0, 0.5))
    return took


async def sees_a_card(people: list[Person]) -> None:
    for person in people:
        await person.until(lambda who=person: who.newest > 0, what="no card")  # type: ignore[misc]


@pytest.mark.prove
@pytest.mark.parametrize("count", [1, 2, 5])
async def test_while_some_chats_are_refused_others_see_whom_to_call(
    tmp_path: Path, promise: Promise, count: int
) -> None:
    """P20: Telegram refuses 1, 2 or 5 chats for a minute. Twenty others see whom to call, 99 of 100 within a second."""
    silenced = range(SAM, SAM + count)
    async with FakeTelegram() as server:
        home = Home(tmp_path, server, admitted=frozenset({*silenced, *OTHERS}))
        refused, others = ([server.person(number) for number in some] for some in (silenced, OTHERS))
        async with running(home, a_chat=A_CHAT):
            for each in (*refused, *others):
                await each.start()
            await sees_a_card([*refused, *others])
            await asyncio.gather(*(each.settled() for each in (*refused, *others)))
            for each in refused:
                server.fault(kind="too_many", chat=each.chat_id, retry_after=REFUSED)
            until = time.monotonic() + REFUSED - LAST_ROUND
            await asyncio.gather(*[each.answered(await each.click("Call now")) for each in refused])

            often = times(1_000, 4)
            took = await asyncio.gather(
                *(look_up(each, Random(each.chat_id), often=often, until=until) for each in others)
            )

            assert all(BEGUN in each.card.text for each in refused)
            if IS_FULL:
                for each in refused:
                    await each.sees("999", timeout=REFUSED)
        assert (server.violations, server.crowding()) == ([], [])

    each_took = sorted(seconds for taps in took for seconds in taps)
    asked, slow = len(each_took), sum(seconds > LIMIT for seconds in each_took)
    reached = asked if slow <= asked / 100 else asked - slow
    promise.reached(
        "P20", asked=asked, reached=reached, of="taps of 20 others while 1, 2 or 5 chats are refused: p99 within 1 s"
    )


async def test_while_everybody_is_refused_whom_to_call_is_tried_in_each_chat(tmp_path: Path) -> None:
    """A 429 does not say that it is for every chat, so the bot goes on trying chats that were not refused yet."""
    people = range(1_000, 1_010)
    async with FakeTelegram() as server:
        home = Home(tmp_path, server, admitted=frozenset({SAM, *people}))
        sam, others = server.person(SAM), [server.person(number) for number in people]
        async with running(home, a_chat=A_CHAT):
            for each in (sam, *others):
                await each.start()
            await sees_a_card([sam, *others])
            await asyncio.gather(*(each.settled() for each in (sam, *others)))
            for each in others:
                server.fault(kind="too_many", chat=each.chat_id, retry_after=REFUSED)
            await asyncio.gather(*[each.answered(await each.click("Start")) for each in others])

            await sam.click("Call now")
            await sam.sees("999", timeout=2)
        assert server.violations == []


async def test_a_menu_that_is_refused_at_the_start_holds_up_nobody(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        sam = server.person(SAM)
        server.fault(method="setMyCommands", kind="too_many", retry_after=3_600)
        async with running(Home(tmp_path, server)):
            await sam.send("/urgent")
            await sam.sees("999")
            await sam.settled()

        assert (sam.menu, len(server.calls("setMyCommands")), server.violations) == ((), 1, [])


@pytest.mark.prove
async def test_a_refused_chat_does_not_delay_the_cleaning_of_others(tmp_path: Path, promise: Promise) -> None:
    """P11: at the next start, the bot removes old messages from every chat except the one that Telegram refuses."""
    count = times(20, 3)
    people = [SAM, *OTHERS[: count - 1]]
    async with FakeTelegram() as server:
        home, everybody = Home(tmp_path, server, admitted=frozenset(people)), [server.person(each) for each in people]
        server.fault(method="deleteMessage", kind="error_502", times=10_000)
        server.fault(method="deleteMessages", kind="error_502", times=10_000)
        async with running(home):
            for person in everybody:
                for text in ("/start", "hello", "/help"):
                    await person.send(text)
            await sees_a_card(everybody)
            await everybody[0].until(lambda: not server.pending)
        server.faults.heal()
        assert min(len(person.chat) for person in everybody) > 3
        server.fault(kind="too_many", chat=SAM, retry_after=REFUSED)

        async with running(home):
            for person in everybody[1:]:
                await person.until(lambda who=person: is_one_card(who), what="something lay there")  # type: ignore[misc]

        assert not is_one_card(everybody[0])
        assert server.violations == []
        assert any(len(str(call.params["message_ids"])) > 2 for call in server.calls("deleteMessages"))
    promise.reached("P11", asked=count - 1, reached=count - 1, of="chats cleaned beside one that is refused")


DURATIONS = (0.04, 1.0, 15.0, 60.0, 600.0) if IS_FULL else (0.04, 1.0)


@pytest.mark.prove
async def test_a_token_that_is_refused_for_a_while_ends_nothing(tmp_path: Path, promise: Promise) -> None:
    """P20: the bot survives ten minutes in which its token is refused, and then answers the waiting /urgent soon."""

    async def one(seconds: float) -> None:
        async with FakeTelegram() as server:
            sam = server.person(SAM)
            async with running(Home(tmp_path / str(seconds), server)) as bot:
                await come_to_item(sam, 2)
                token, server.token = server.token, "1:another"
                await sam.send("/urgent")
                await asyncio.wait([bot], timeout=seconds)
                server.token = token
                await sam.sees("999", timeout=LONGEST_REFUSAL + LIMIT)
                await sam.press("Back")
                await sam.until(lambda: item_number(sam.card) == 2)
                assert not bot.done()

    await abreast(DURATIONS, one, at_once=len(DURATIONS))
    count = len(DURATIONS)
    promise.reached("P20", asked=count, reached=count, of="tokens refused for up to 10 minutes, which ended nothing")
