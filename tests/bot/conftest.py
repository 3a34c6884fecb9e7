"""Fixtures of the bot's tests: a filled store in a folder, and the interval at which a bot looks for due work."""

from pathlib import Path

import pytest

from bot.channels import due_work
from tests.support.store.keeping import Keep


@pytest.fixture
async def keep(tmp_path: Path) -> Keep:
    made = Keep.made(tmp_path / "var")
    await made.fill()
    return made


@pytest.fixture
def seldom_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_work, "LOOK_EVERY", 60.0)


@pytest.fixture
def often_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_work, "LOOK_EVERY", 0.01)
