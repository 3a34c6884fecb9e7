"""Tests of monthly counts in `/metrics` and on a yearly page: none under five is shown, and none can be worked out."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.assemble import guarded
from bot.crypto.sealing import KeyRing
from bot.operations import watching
from bot.operations.counted import FEWEST, large_enough, last_month, year_of
from bot.operations.housekeeping import forget, months_before
from bot.runtime.clock import SystemClock
from bot.runtime.settings import Settings
from bot.storage.sqlite.memory import in_memory
from bot.storage.store import Store
from bot.storage.values import Decision, Inbound, MonthlyCount
from tests.fakes.telegram import FakeTelegram
from tests.support.command_line.cli import run
from tests.support.command_line.desk import Folder, made
from tests.support.shipped import SCRIPT
from tests.support.telegram.bots import running
from tests.support.telegram.fixtures import real_time
from tests.support.telegram.home import Home
from tests.support.telegram.monitors import asked, free_address

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECONDS = 30.0

clock = real_time()


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK_EVERY", "SLOW", "SELDOM"):
        monkeypatch.setattr(watching, name, 0.05)


@pytest.fixture
def home(server: FakeTelegram, tmp_path: Path) -> Iterator[Home]:
    yield Home(tmp_path, server, watch_address=free_address(), counts=True)
    assert server.violations == []


async def count(store: Store, month: str, *counts: tuple[str, str, int]) -> None:
    added = tuple(MonthlyCount(month, kind, word) for kind, word, number in counts for _ in range(number))
    turn = Inbound(f"count {month}", NOON, "telegram:1", lambda record, _: Decision(record, (), (*added,)), None)
    await store.turns([turn])


def test_a_number_under_five_is_not_shown_and_no_sum_is_either() -> None:
    """A kind without any shown number is left out, because its name would show that something was counted."""
    counts = {"lead": {"told": 5, "danger": 4, "plan": 0}, "outcome": {"referral": 1}}

    assert large_enough(counts) == {"lead": {"told": 5}}
    assert FEWEST == 5


async def test_the_month_that_still_runs_is_not_shown() -> None:
    """The next change of the current month's counts would show what happened on that day."""
    store = in_memory()
    await count(store, "2026-04", ("lead", "told", 6))
    await count(store, "2026-05", ("lead", "told", 9))

    last_of_may, first_of_june = (NOON.replace(day=31, hour=22, minute=minute) for minute in (59, 0))
    may, june = await last_month(store, last_of_may), await last_month(store, first_of_june + timedelta(hours=1))

    assert may == {"counted": {"lead": {"told": 6}}, "counted_month": "2026-04"}
    assert june == {"counted": {"lead": {"told": 9}}, "counted_month": "2026-05"}
    assert await last_month(store, NOON + timedelta(days=90)) == {"counted": {}, "counted_month": ""}


def test_a_year_adds_what_was_hidden_only_where_no_month_can_be_worked_out() -> None:
    counts = {
        "2026-01": {"lead": {"told": 6, "plan": 2, "online": 4, "danger": 1}},
        "2026-02": {"lead": {"told": 3, "plan": 3, "online": 7}},
        "2025-12": {"lead": {"told": 50}},
        "2027-01": {"lead": {"told": 50}},
    }

    assert year_of(counts, 2026) == {"lead": {"told": 6, "plan": 5, "online": 7}}
    assert year_of(counts, 2024) == {}


async def test_a_running_bot_shows_the_last_month_to_monitors(home: Home) -> None:
    month = months_before(datetime.now(UTC), 1)
    store = await home.opened()
    await count(store, month, ("lead", "told", 6), ("lead", "danger", 4), ("outcome", "advice", 5))
    await store.close()

    async with running(home):
        metrics = None
        async with asyncio.timeout(SECONDS):
            while metrics is None or "seraf_counted{" not in metrics.text:
                await asyncio.sleep(0.05)
                with suppress(aiohttp.ClientConnectorError):
                    metrics = await asked(home.watch_address, "/metrics")

    lines = [line for line in metrics.text.splitlines() if line.startswith("seraf_counted")]
    assert lines == [
        f'seraf_counted{{month="{month}",kind="lead",word="told"}} 6',
        f'seraf_counted{{month="{month}",kind="outcome",word="advice"}} 5',
    ]


@pytest.mark.parametrize("is_on", [True, False])
async def test_a_conversation_counts_only_if_the_setting_allows_it(home: Home, is_on: bool) -> None:
    settings = replace(home, counts=is_on).settings

    conversation = await guarded(
        settings, in_memory(), keys=KeyRing.fresh(), script=SCRIPT, clock=SystemClock(), references=str
    )

    assert conversation.counts is is_on
    assert Settings.model_fields["counts"].default is False


async def test_counts_are_forgotten_with_the_term_of_the_audit() -> None:
    store = in_memory()
    for month in ("2024-04", "2024-05", "2026-05"):
        await count(store, month, ("lead", "told", 6))

    await forget(store, NOON, audit_months=24)

    assert set(await store.read(lambda t: t.monthly_counts.by_month())) == {"2024-05", "2026-05"}


def counted_folder(path: Path, *months: str) -> Folder:
    """Return a folder whose store counts six leads “told”, one lead “danger” and five “yes” in each of these months."""
    folder = made(path)
    folder.admit()

    async def fill(store: Store) -> None:
        for month in months:
            await count(store, month, ("lead", "told", 6), ("lead", "danger", 1), ("going_on", "yes", 5))

    folder.do(fill)
    return folder


def test_a_page_of_a_year_is_printed_for_the_papers(tmp_path: Path) -> None:
    year = datetime.now(UTC).year - 1
    folder = counted_folder(tmp_path, f"{year}-02", f"{year}-12", f"{year + 1}-01")

    page = folder.said("calibrate", "counts", str(year), SERAF_AUDIT_MONTHS="24")

    assert page.startswith(f"# Counted in {year}\n")
    assert "| told: " in page
    assert "| 12 |" in page
    assert "| yes | 10 |" in page
    assert "danger" not in page


@pytest.mark.parametrize(
    ("back", "months", "said"), [(0, 24, "over"), (1, 6, "SERAF_AUDIT_MONTHS"), (2, 24, "nothing was counted")]
)
def test_a_page_that_would_tell_a_single_month_is_not_made(tmp_path: Path, back: int, months: int, said: str) -> None:
    now = datetime.now(UTC)
    year = now.year - back
    folder = counted_folder(tmp_path, f"{now.year - 1}-02")
    kept = months if back != 2 else 36

    assert said in folder.refused("calibrate", "counts", str(year), SERAF_AUDIT_MONTHS=str(kept))


def test_without_a_store_there_is_no_page(tmp_path: Path) -> None:
    ran = run(tmp_path, "calibrate", "counts", "2020")

    assert (ran.status, ran.out) == (2, "")
