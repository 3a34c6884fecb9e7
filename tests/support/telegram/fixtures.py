"""What the tests around Telegram share: a clock, a fake Bot API, a bot without a library, a place for a real one, and a person.

A module whose tests need another one of these defines it under the same name, and the others build upon that.
The real bot is imported where it is asked for, so that the tests of the core and of the fake need none of it.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.fakes.telegram.clock import Clock
from tests.fakes.telegram.raw import RawBot

if TYPE_CHECKING:
    from tests.support.telegram.home import Home

SAM = 7
"""The Telegram id of the person whom the tests are mostly about."""


@pytest.fixture
def clock() -> FakeClock:
    """A clock that only the test moves, and that Telegram and the bot share."""
    return FakeClock(datetime(2026, 3, 4, 12, tzinfo=UTC))


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[FakeTelegram]:
    """A running fake."""
    async with FakeTelegram(clock=clock) as running_server:
        yield running_server


@pytest.fixture
async def bot(server: FakeTelegram) -> AsyncIterator[RawBot]:
    """A bot without a library."""
    async with RawBot(server.base, server.token) as client:
        yield client


@pytest.fixture
def home(server: FakeTelegram, tmp_path: Path) -> "Iterator[Home]":
    """A place for a bot, which in the end has been polite."""
    from tests.support.telegram.home import Home

    yield Home(tmp_path, server)
    assert server.violations == []


@pytest.fixture
async def running_bot(home: "Home", clock: Clock) -> "AsyncIterator[Home]":
    """A bot that runs there, in this process and by the shared clock, for as long as the test does."""
    from tests.support.telegram.bots import At, running

    async with running(home, At(clock)):
        yield home


@pytest.fixture
def sam(server: FakeTelegram) -> Person:
    """Somebody who may use the bot, and has not written yet."""
    return server.person(SAM, first_name="Sam")
