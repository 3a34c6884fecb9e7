"""Tests of when a bot asks for a restart: not while Telegram is unreachable, and only late while it has no store."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from bot.operations.watching import HANGS, PATIENCE, Watch
from bot.runtime.settings import Settings
from bot.storage.store import Sole, Store
from bot.watch.meter import Meter
from bot.watch.vitals import SILENT, Ailment, ailments
from tests.support.telegram.bots import At

NOT_LOOKED_INTO = cast(Store, SimpleNamespace(leading=Sole()))
"""A placeholder that counts as an open store. Nothing reads it."""

SILENCE = SILENT.total_seconds()


class Moved:
    """A liveness check whose meter reads a time that the test sets."""

    def __init__(self, folder: Path) -> None:
        self.now = 1_000.0
        self.meter = Meter(lambda: self.now)
        settings = Settings.model_validate({"store": folder / "seraf.sqlite"})
        self.watch = Watch(
            settings, At(lambda: datetime(2026, 3, 4, tzinfo=UTC)), meter=self.meter, stopped=asyncio.Event()
        )

    def after(self, seconds: float, *, hears: bool = True) -> bool:
        self.now += seconds
        self.meter.asks()
        if hears:
            self.meter.hears()
        return self.watch.is_alive()

    @property
    def ails(self) -> tuple[Ailment, ...]:
        vitals = self.watch.vitals()
        return ailments(vitals, vitals.at)


async def test_a_bot_that_has_stopped_polling_is_restarted(tmp_path: Path) -> None:
    moved = Moved(tmp_path)
    with moved.watch.over(NOT_LOOKED_INTO):
        moved.now += HANGS * 4 - 1
        at_the_start = moved.watch.is_alive()
        moved.now += 2
        too_late = moved.watch.is_alive()
        asks = moved.after(0)
        moved.now += SILENCE + 1
        silent = moved.watch.is_alive()

    assert (at_the_start, too_late, asks, silent) == (True, False, True, False)


async def test_an_unreachable_telegram_does_not_cause_a_restart(tmp_path: Path) -> None:
    moved = Moved(tmp_path)
    with moved.watch.over(NOT_LOOKED_INTO):
        moved.after(1)

        assert [moved.after(60, hears=False) for _ in range(120)] == [True] * 120
        assert moved.ails == (Ailment.NOT_ANSWERED,)


async def test_without_a_store_there_is_patience_and_an_end_to_it(tmp_path: Path) -> None:
    moved = Moved(tmp_path)

    for _ in range(2):
        assert moved.after(1)
        assert moved.ails == (Ailment.NO_STORE,)
        assert moved.after(PATIENCE - 1)
        assert not moved.after(2)
        with moved.watch.over(NOT_LOOKED_INTO):
            assert moved.after(1)
            moved.meter.keeps(False)
            assert moved.ails == (Ailment.NOT_KEEPING,)
            assert moved.after(0)
            assert moved.after(PATIENCE - 1)
            assert not moved.after(2)
            moved.meter.keeps()
            assert moved.after(1)
            assert not moved.ails
