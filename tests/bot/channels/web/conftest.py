"""Fixtures of the tests of pages: a server with one person, and that person's browser with the page open."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.serving import SAM, Serving, let_in, made

REFERENCE = "BRISK OTTER 41"


@pytest.fixture
def around() -> Surroundings:
    return Surroundings(datetime(2026, 3, 4, 10, 20, tzinfo=UTC), REFERENCE)


@pytest_asyncio.fixture(loop_scope="session")
async def house(around: Surroundings) -> Serving:
    serving = made(around)
    await let_in(serving, [SAM], now=around.now())
    return serving


@pytest.fixture
async def serving(around: Surroundings) -> AsyncIterator[Serving]:
    house = made(around)
    await let_in(house, [SAM], now=around.now())
    async with house.listening():
        yield house


@pytest.fixture
async def sam(serving: Serving) -> AsyncIterator[Browser]:
    browser = Browser(serving.port)
    await browser.open()
    yield browser
    await browser.close()
