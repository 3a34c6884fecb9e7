"""Fixture of the tests of signing in: a server of pages with a fake sign-in provider."""

from collections.abc import AsyncIterator

import pytest

from tests.support.web.signing_in import House, opened


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with opened() as made:
        yield made
