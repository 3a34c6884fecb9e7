"""Two bots never go on polling with one token, and a token that is revoked ends the bot."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from bot.runtime.errors import InUse, PassingFault, SettingsFault
from tests.fakes.telegram import FakeClock, FakeTelegram
from tests.fakes.telegram.raw import RawBot
from tests.support.telegram.bots import At, running
from tests.support.telegram.home import SAM, Home


def has_asked(server: FakeTelegram, bot: asyncio.Task[None], least: int) -> bool:
    """Whether there were so many questions, or the bot has given up."""
    return bot.done() or len(server.calls("getUpdates")) >= least


async def disturb(
    server: FakeTelegram, clock: FakeClock, bot: asyncio.Task[None], *, times: int, seconds: float
) -> None:
    """Poll with the same token so many times, each time once the bot asks again; `seconds` pass between two of them."""
    sam = server.person(SAM)
    async with RawBot(server.base, server.token) as other:
        for number in range(times):
            asked = len(server.calls("getUpdates"))
            await other.call("getUpdates", timeout=1)
            clock.advance(seconds)
            await sam.until(partial(has_asked, server, bot, asked + 2), timeout=15)
            if bot.done():
                return
            if number % 2:
                await sam.send("hello")
                await sam.until(lambda: not server.pending, timeout=15)


async def test_a_conflict_now_and_then_is_borne(server: FakeTelegram, clock: FakeClock, home: Home) -> None:
    """The question of a killed predecessor lingers for one long poll."""
    sam = server.person(SAM)
    async with running(home, At(clock)) as bot:
        await sam.until(lambda: len(server.calls("getUpdates")) >= 2)
        await disturb(server, clock, bot, times=3, seconds=40)

        assert not bot.done()
        await sam.send("/start")
        await sam.sees("SERAF consultation", timeout=15)


async def test_another_program_that_goes_on_polling_ends_the_bot(
    server: FakeTelegram, clock: FakeClock, home: Home
) -> None:
    """Also when the bot gets an answer in between."""

    async def share_the_token() -> None:
        """Run beside another program."""
        async with running(home, At(clock)) as bot:
            await server.person(SAM).until(lambda: len(server.calls("getUpdates")) >= 2)
            await disturb(server, clock, bot, times=8, seconds=8)

    with pytest.raises(SettingsFault, match="Another program polls with this token"):
        await share_the_token()


async def test_of_two_bots_the_one_that_was_there_first_stays(
    server: FakeTelegram, clock: FakeClock, home: Home, tmp_path: Path
) -> None:
    """Each with a store of its own. The newcomer ends with a fault that passes; whoever writes then is answered by the first."""
    newer = Home(tmp_path / "newer", server)

    async def come_later() -> None:
        """Run for a minute beside the first."""
        async with running(newer, At(clock)) as bot:
            for _ in range(200):
                clock.advance(seconds=2)
                if (await asyncio.wait([bot], timeout=0.1))[0]:
                    return

    async with running(home, At(clock)) as first:
        await server.person(SAM).until(lambda: len(server.calls("getUpdates")) >= 2)
        clock.advance(minutes=2)
        with pytest.raises(InUse, match="Another program polls with this token") as ended:
            await come_later()

        assert isinstance(ended.value, PassingFault)
        assert not first.done()
        await server.person(SAM).ask("/start")


async def test_a_token_that_is_revoked_ends_the_bot(server: FakeTelegram, home: Home) -> None:
    """In the middle of its work; asked twice, since a page of a proxy looks the same."""

    async def lose_the_token() -> None:
        """Run until Telegram does not know the token any more."""
        async with running(home) as bot:
            await server.person(SAM).until(lambda: len(server.calls("getUpdates")) >= 2)
            server.token = "1:another"
            await server.person(SAM).send("/start")
            await asyncio.wait([bot], timeout=10)

    with pytest.raises(SettingsFault, match="Telegram refuses this token"):
        await lose_the_token()
