"""Tests of two bots with one token: the first continues and the second changes nothing. A refused token ends no bot."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram import connecting, polling
from bot.channels.telegram.connecting import Manners, connected
from bot.channels.telegram.request import Route
from bot.operations import watching
from bot.watch.vitals import Ailment, ailments, last_vitals
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.fakes.telegram.raw import RawBot
from tests.support.telegram.bots import At, running
from tests.support.telegram.home import SAM, Home

QUIET = 1.0
"""Seconds for which a newly started bot watches whether another bot polls with its token."""

OTHERS = 99
"""The `limit` that the other bot passes to getUpdates. The tests recognise its calls by this value."""

EARLIER = 3
"""Minutes of downtime after which a restarted bot no longer counts as the last one that polled."""


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "AGAIN", 0.1)
    monkeypatch.setattr(connecting, "QUIET", QUIET)
    monkeypatch.setattr(connecting, "AT_LEAST", 0.1)
    monkeypatch.setattr(connecting, "FIRST_PAUSE", 0.3)


class Other:
    """A test double of a second bot with the same token, which polls and confirms updates but answers nobody."""

    def __init__(self, server: FakeTelegram) -> None:
        self._server = server
        self.refused = 0
        self.heard: list[int] = []

    @contextlib.asynccontextmanager
    async def polling(self) -> AsyncIterator[None]:
        async with RawBot(self._server.base, self._server.token) as bot:
            poll = asyncio.create_task(self._poll(bot))
            try:
                yield
            finally:
                poll.cancel()
                await asyncio.gather(poll, return_exceptions=True)

    async def _poll(self, bot: RawBot) -> None:
        offset = 0
        while True:
            reply = await bot.call("getUpdates", timeout=25, limit=OTHERS, offset=offset)
            if reply.status == 409:
                self.refused += 1
                await asyncio.sleep(0.1)
                continue
            self.heard += [each["update_id"] for each in reply.result]
            offset = self.heard[-1] + 1 if reply.result else 0


def deeds(server: FakeTelegram) -> list[str]:
    calls = [each for each in server.requests if each.params.get("limit") != str(OTHERS)]
    return [each.method for each in calls if each.method not in ("getUpdates", "getMe") or "offset" in each.params]


def has_introduced(server: FakeTelegram, bot: asyncio.Task[None], least: int) -> bool:
    return bot.done() or len(server.calls("getMe")) >= least


async def test_a_newcomer_touches_nothing_while_another_bot_polls(
    server: FakeTelegram, home: Home, tmp_path: Path
) -> None:
    stranger, other = server.person(SAM), Other(server)
    newcomer = replace(home, admitted=frozenset())
    async with other.polling():
        for number in range(1, 4):
            async with running(newcomer, quiet=QUIET) as bot:
                await stranger.send("/start")
                await asyncio.wait([bot], timeout=1.5 * QUIET)
                assert not bot.done()
            assert (deeds(server), len(other.heard), other.refused >= number) == ([], number, True)
        vitals = last_vitals(home.store)
        assert vitals is not None
        assert ailments(vitals, vitals.at) == (Ailment.NOT_ALONE,)
    await stranger.send("/start")

    async with running(newcomer, quiet=QUIET):
        await stranger.sees("This is a private service")
        await stranger.until(lambda: not server.pending)


async def test_a_newcomer_waits_until_the_other_bot_has_ended(server: FakeTelegram, home: Home) -> None:
    sam, other = server.person(SAM), Other(server)
    with capture_logs() as lines:
        async with running(home, quiet=QUIET):
            async with other.polling():
                await sam.send("/start")
                await sam.until(lambda: other.refused >= 2, timeout=20)
                assert (deeds(server), len(other.heard)) == ([], 1)
            await sam.send("/start")
            await sam.sees("SERAF consultation", timeout=20)

    said = [line["event"] for line in lines]
    assert "another program polls with this token" in said
    assert "over: another program polls with this token" in said


async def test_a_bot_that_came_later_gives_way_and_comes_back(
    server: FakeTelegram, clock: FakeClock, home: Home
) -> None:
    sam, other = server.person(SAM), Other(server)
    async with running(home, At(clock)) as bot:
        await sam.ask("/start")
        async with other.polling():
            for _ in range(12):
                clock.advance(5)
                await asyncio.wait([bot], timeout=0.2)
            done = len(deeds(server))
            await sam.send("/urgent")
            await asyncio.sleep(QUIET)
            assert (bot.done(), len(deeds(server))) == (False, done)
        await sam.send("/urgent")
        await sam.sees("999", timeout=20)


@pytest.mark.parametrize(
    ("minutes", "token", "is_quiet"), [(1, "", True), (EARLIER, "", False), (0, "1:another", False)]
)
async def test_a_bot_that_has_just_polled_continues_at_once(
    server: FakeTelegram, clock: FakeClock, home: Home, minutes: int, token: str, *, is_quiet: bool
) -> None:
    """After a longer downtime, or with another token, the bot first watches for another one, as at its first start."""
    async with running(home, At(clock)):
        await server.person(SAM).ask("/start")
    clock.advance(minutes=minutes)
    server.token = token or server.token
    asked = len(server.calls("getUpdates"))

    async with running(home, At(clock), quiet=QUIET):
        await server.person(SAM).until(lambda: len(server.calls("getUpdates")) > asked)

    first = server.calls("getUpdates")[asked]
    assert (first.params["timeout"] == 0) is is_quiet


async def test_that_a_token_is_ones_own_is_seen_once(server: FakeTelegram, clock: FakeClock) -> None:
    stopped, manners = asyncio.Event(), Manners(quiet=0.3)
    async with connected(server.token, Route(server.base), clock=At(clock), manners=manners) as telegram:
        await telegram.has_token_to_itself(stopped)
        asked = [len(server.calls("getUpdates"))]
        await telegram.has_token_to_itself(stopped)
        asked.append(len(server.calls("getUpdates")))
        telegram.give_way()
        await telegram.has_token_to_itself(stopped)

    assert 0 < asked[0] == asked[1] < len(server.calls("getUpdates"))


async def test_a_token_that_is_refused_for_a_while_ends_nothing(
    server: FakeTelegram, home: Home, sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.05)

    def is_refused_by_what_is_said() -> bool:
        vitals = last_vitals(home.store)
        return vitals is not None and Ailment.TOKEN_REFUSED in ailments(vitals, vitals.at)

    async with running(home) as bot:
        await sam.ask("/start")
        token, server.token = server.token, "1:another"
        await sam.send("/urgent")
        await sam.until(is_refused_by_what_is_said, timeout=20)
        await asyncio.sleep(2)
        assert not bot.done()
        server.token = token

        await sam.sees("999", timeout=20)
        await sam.until(lambda: not is_refused_by_what_is_said(), timeout=20)


async def test_a_bot_that_starts_while_its_token_is_refused_asks_again(
    server: FakeTelegram, home: Home, sam: Person
) -> None:
    async with running(home):
        await sam.ask("/start")
    server.fault(method="getMe", kind="unauthorized", times=4)

    for _ in range(2):
        asked = len(server.calls("getMe"))
        with capture_logs() as lines:
            async with running(home) as bot:
                await sam.until(partial(has_introduced, server, bot, asked + 2), timeout=20)
                assert not bot.done()
        assert "Telegram refuses the token" in [line["event"] for line in lines]
        vitals = last_vitals(home.store)
        assert vitals is not None
        assert Ailment.TOKEN_REFUSED in ailments(vitals, vitals.at)
    async with running(home):
        await sam.send("/urgent")
        await sam.sees("999", timeout=20)
