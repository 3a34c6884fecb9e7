"""Fixtures of the tests of rooms: a server that hosts rehearsals of a group."""

from collections.abc import AsyncIterator

import pytest

from tests.support.shipped import at
from tests.support.walks.clock import Surroundings
from tests.support.web.rooming import Rooming

NOON = at("2026-03-04T10:20").at


@pytest.fixture
async def rooming() -> AsyncIterator[Rooming]:
    async with Rooming(Surroundings(NOON, "BRISK OTTER 41")).listening() as house:
        yield house
