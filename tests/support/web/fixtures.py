"""A real browser for the tests, and nothing tried where there is none."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.support.counts import IS_FULL
from tests.support.web.chromium import IS_THERE, WHY_NOT, started

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest.fixture(scope="session")
def real_browser() -> None:
    """That there is a real browser."""
    insist()


def insist() -> None:
    """Without a real browser nothing was tried: with full counts that is a failure, and else it is said."""
    if not IS_THERE and IS_FULL:
        pytest.fail(WHY_NOT)
    if not IS_THERE:
        pytest.skip(WHY_NOT)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(real_browser: None) -> AsyncIterator["Browser"]:
    """One browser for all who ask, in the loop of the whole run."""
    async with started() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def keeping_chromium(real_browser: None) -> AsyncIterator["Browser"]:
    """A browser that keeps pages that were left."""
    async with started(keeps_pages=True) as browser:
        yield browser
