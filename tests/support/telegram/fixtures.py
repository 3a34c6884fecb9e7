"""Fixtures for tests with Telegram: a clock, a fake Bot API, a client, the home of a real bot, and a person.

A module that needs another one assigns it to the same name (`sam = begun_at(3)`); the other fixtures use it. The real
bot is imported only where it is needed, so tests of the core and of the fake run without it.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.fakes.telegram.clock import Clock, system_clock
from tests.fakes.telegram.raw import RawBot

if TYPE_CHECKING:
    from tests.support.telegram.home import Home

SAM = 7
"""The Telegram id of the person who acts in most tests."""


@pytest.fixture
def clock() -> FakeClock:
    """Return the clock that Telegram and the bot use. Only the test moves it."""
    return FakeClock(datetime(2026, 3, 4, 12, tzinfo=UTC))


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[FakeTelegram]:
    """Yield a running fake Bot API."""
    async with FakeTelegram(clock=clock) as running_server:
        yield running_server


@pytest.fixture
async def bot(server: FakeTelegram) -> AsyncIterator[RawBot]:
    """Yield a client that calls the fake Bot API without a library."""
    async with RawBot(server.base, server.token) as client:
        yield client


@pytest.fixture
async def running_bot(home: "Home", clock: Clock) -> "AsyncIterator[Home]":
    """Yield the home of a bot that runs in this process, on the shared clock."""
    from tests.support.telegram.bots import At, running

    async with running(home, At(clock)):
        yield home


@pytest.fixture
def sam(server: FakeTelegram) -> Person:
    """Return a person who may use the bot and has not written to it yet."""
    return server.person(SAM, first_name="Sam")


def real_time() -> object:
    """Return a fixture to assign to `clock`: the real time."""

    @pytest.fixture
    def clock() -> Clock:
        return system_clock

    return clock


def a_home(**options: Any) -> object:
    """Return a fixture to assign to `home`: a bot with these options. It must break no limit of Telegram."""

    @pytest.fixture
    def home(server: FakeTelegram, tmp_path: Path) -> "Iterator[Home]":
        from tests.support.telegram.home import Home

        yield Home(tmp_path, server, **options)
        assert server.violations == []

    return home


def has_written() -> object:
    """Return a fixture to assign to `sam`: a person who has written to the bot."""

    @pytest.fixture
    async def sam(sam: Person) -> Person:
        await sam.send("/start")
        return sam

    return sam


def begun_at(number: int, *, seed: int = 1) -> object:
    """Return a fixture to assign to `sam`: a person at the card of this item, whose answers `seed` determines."""

    @pytest.fixture
    async def sam(sam: Person, running_bot: "Home") -> Person:
        from tests.support.telegram.walker import Walker

        await Walker(sam, Random(seed)).begin(until_item=number)
        await sam.settled()
        return sam

    return sam


home = a_home()
