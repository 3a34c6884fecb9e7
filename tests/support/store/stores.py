"""A fixture with an empty store of each kind, for the tests that every store must pass."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.runtime.errors import StoreClosed
from bot.storage.store import Store
from tests.support.store.builders import opened
from tests.support.store.server import opened_there


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind. At the end every row must be as it was last written."""
    if request.param == "postgresql":
        empty = await opened_there(request.getfixturevalue("database_server"))
    else:
        empty = await opened(request.param, tmp_path)
    yield empty
    with suppress(StoreClosed):
        assert not await empty.verify()
    await empty.close()
