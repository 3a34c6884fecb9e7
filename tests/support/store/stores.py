"""An empty store of each kind, for what every store promises."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.store import Store
from tests.support.store.builders import opened


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    empty = await opened(request.param, tmp_path)
    yield empty
    await empty.close()
