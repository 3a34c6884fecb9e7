"""Contract of monthly counts: each is stored once, with its turn, and deleted at the end of its retention time."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.runtime.errors import StoreFault
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import Inbound, MonthlyCount, Repeated
from tests.support.store.builders import KEYS, bringing, event

MARCH, APRIL = "2026-03", "2026-04"
TOLD, REFERRAL = MonthlyCount(MARCH, "lead", "told"), MonthlyCount(MARCH, "outcome", "referral")


def counting(key: str, *counts: MonthlyCount) -> Inbound:
    return event(key, bringing(counts=counts))


class TestMonthlyCounts:
    async def test_a_count_is_stored_with_its_turn(self, store: Store) -> None:
        assert await store.read(lambda t: t.monthly_counts.by_month()) == {}

        await store.turns([counting("1", TOLD, REFERRAL), counting("2", TOLD, replace(TOLD, month=APRIL))])

        assert await store.read(lambda t: t.monthly_counts.by_month()) == {
            MARCH: {"lead": {"told": 2}, "outcome": {"referral": 1}},
            APRIL: {"lead": {"told": 1}},
        }

    async def test_a_turn_that_comes_again_counts_once(self, store: Store) -> None:
        first = await store.turns([counting("1", TOLD), counting("1", TOLD)])
        second = await store.turns([counting("1", TOLD)])

        assert [type(each) for each in (*first, *second)][1:] == [Repeated, Repeated]
        assert await store.read(lambda t: t.monthly_counts.by_month()) == {MARCH: {"lead": {"told": 1}}}

    async def test_a_tap_that_is_taken_back_is_counted_no_more(self, store: Store) -> None:
        back = replace(REFERRAL, by=-1)

        await store.turns([counting("1", REFERRAL, REFERRAL), counting("2", back, replace(back, month=APRIL))])

        assert await store.read(lambda t: t.monthly_counts.by_month()) == {
            MARCH: {"outcome": {"referral": 1}},
            APRIL: {"outcome": {"referral": 0}},
        }

    async def test_earlier_months_are_forgotten_and_no_other(self, store: Store) -> None:
        await store.turns([counting("1", TOLD, replace(TOLD, month=APRIL), replace(TOLD, month="2025-12"))])

        assert await store.write(lambda t: t.monthly_counts.forget_before(APRIL)) == 2
        assert await store.write(lambda t: t.monthly_counts.forget_before(APRIL)) == 0
        assert set(await store.read(lambda t: t.monthly_counts.by_month())) == {APRIL}


async def test_counts_outlast_the_program_and_do_not_open_in_another_month(tmp_path: Path) -> None:
    store = await open_sqlite(tmp_path / "store.db", KEYS)
    await store.turns([counting("1", TOLD)])
    await store.close()
    store = await open_sqlite(tmp_path / "store.db", KEYS)
    assert await store.read(lambda t: t.monthly_counts.by_month()) == {MARCH: {"lead": {"told": 1}}}
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("UPDATE monthly_counts SET month = '2026-05'")
    other.close()

    with pytest.raises(StoreFault, match="changed"):
        await store.read(lambda t: t.monthly_counts.by_month())
    await store.close()
