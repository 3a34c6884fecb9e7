"""The lease: one copy holds it, a copy that serves only pages leaves it to one that can poll, and a lost one stops its writes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.runtime.errors import StoreUnavailable
from bot.runtime.settings import StorePlace
from bot.storage.postgres import lease
from bot.storage.postgres.opening import open_postgres
from bot.storage.store import Store
from tests.support.store.builders import KEYS, event, tap
from tests.support.store.server import Server, emptied


@pytest.fixture
async def stores(
    database_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[list[Store]]:
    for name, seconds in (("TERM", 0.6), ("RENEW_EVERY", 0.1), ("ASK_EVERY", 0.1)):
        monkeypatch.setattr(lease, name, seconds)
    address = emptied(database_server)
    opened = [await open_postgres(StorePlace(tmp_path / name / "seraf", address), KEYS) for name in ("a", "b")]
    yield opened
    for store in opened:
        await store.close()


async def soon(work: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not work():
            await asyncio.sleep(0.02)


async def test_one_leads_until_it_stops(stores: list[Store]) -> None:
    first, second = stores
    async with second.leading.kept():
        async with first.leading.kept():
            await soon(lambda: first.leading.leads() or second.leading.leads())
            leader, other = (first, second) if first.leading.leads() else (second, first)
            await asyncio.sleep(1)
            assert (leader.leading.leads(), other.leading.leads()) == (True, False)
            assert len(leader.leading.copies) == 2
        await soon(second.leading.leads)


async def test_a_copy_that_serves_only_pages_leaves_the_lead_to_one_that_can_poll(stores: list[Store]) -> None:
    pages, polling = stores
    pages.leading.polls = False
    async with pages.leading.kept():
        await soon(pages.leading.leads)
        async with polling.leading.kept():
            await pages.leading.lost()
            pages.leading.stand_down()
            await soon(polling.leading.leads)
            await asyncio.sleep(1)
            assert polling.leading.leads()
            assert not pages.leading.leads()


async def test_a_copy_that_lost_the_lease_cannot_write_until_it_has_stood_down(
    stores: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    hung, next_one = stores
    async with hung.leading.kept():
        await soon(hung.leading.leads)
        await hung.turns([event("k1", tap("{}"))])
        assert isinstance(hung.leading, lease.Lease)
        engine = hung.leading._engine  # noqa: SLF001 - it goes on to believe that it leads
        monkeypatch.setattr(hung.leading, "_stepped", lambda: engine.epoch)
        async with next_one.leading.kept():
            await soon(next_one.leading.leads)
            with pytest.raises(StoreUnavailable, match="Another copy"):
                await hung.turns([event("k2", tap("{}"))])
            hung.leading.stand_down()
            await hung.turns([event("k2", tap("{}"))])
