"""Fixtures of the SQLite tests: a path, and a store there that does not wait for a locked database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from tests.support.store.builders import KEYS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "store.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    opened = await open_sqlite(path, KEYS, busy_milliseconds=0)
    yield opened
    await opened.close()
