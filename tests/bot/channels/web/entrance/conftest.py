"""A server with a sign-in, where everybody has a PIN."""

from collections.abc import AsyncIterator

import pytest

from tests.support.web.signing_in import House, opened


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with opened() as made:
        yield made
