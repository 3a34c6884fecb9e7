"""Fixtures with a real browser. Without one, tests that need it are skipped."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.support.chromium.windows import IS_THERE, WHY_NOT, started
from tests.support.counts import IS_FULL

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest.fixture(scope="session")
def real_browser() -> None:
    """Require a real browser for a test."""
    insist()


def insist() -> None:
    """Skip the test if there is no real browser. In a full proof, fail it instead."""
    if not IS_THERE and IS_FULL:
        pytest.fail(WHY_NOT)
    if not IS_THERE:
        pytest.skip(WHY_NOT)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(real_browser: None) -> AsyncIterator["Browser"]:
    """Yield one Chromium for all tests."""
    async with started() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def keeping_chromium(real_browser: None) -> AsyncIterator["Browser"]:
    """Yield one Chromium for all tests that caches pages for the back button."""
    async with started(keeps_pages=True) as browser:
        yield browser
