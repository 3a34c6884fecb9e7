"""Fixtures of the command-line tests: a folder without a case, one with a case, and one that can also make backups."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.command_line.desk import Folder, made
from tests.support.store.keeping import write_identity


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return made(tmp_path)


@pytest.fixture
def kept(folder: Folder) -> Folder:
    folder.admit()
    return folder


@pytest.fixture
def office(kept: Folder) -> Folder:
    recipient, settings = write_identity(kept.path / "identity.txt"), kept.path / ".env"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("SERAF_BACKUP_RECIPIENTS=\n", f"SERAF_BACKUP_RECIPIENTS={recipient}\n"))
    return kept


@pytest.fixture
def hourly(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    hours = iter(now + timedelta(hours=hour) for hour in range(1000))
    monkeypatch.setattr("bot.runtime.clock.SystemClock.now", lambda _: next(hours))
