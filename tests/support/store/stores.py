"""An empty store of each kind, for what every store promises."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.runtime.errors import StoreClosed
from bot.storage.store import Store
from tests.support.store.builders import opened


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind. Whatever a test did to it, every row is as it was written last."""
    empty = await opened(request.param, tmp_path)
    yield empty
    with suppress(StoreClosed):
        assert not await empty.verify()
    await empty.close()
