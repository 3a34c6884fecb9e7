"""Contract of the stored live card of each chat, and of the mark that it may be outdated."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.storage.store import Store
from bot.storage.values import NOTHING_SHOWN, Done, Shown
from tests.support.store.builders import ADA, BEA, CLEO, FIRST, LIVE, NOON, broken, event, one, tap

SECOND = timedelta(seconds=1)


class TestShown:
    @pytest.mark.parametrize("shown", [LIVE, NOTHING_SHOWN, Shown("é", None, b"", True), Shown(None, NOON, b"x", True)])
    async def test_the_current_card_is_remembered(self, store: Store, shown: Shown) -> None:
        await store.turns([event("k1", tap())])
        await store.show(ADA, LIVE)

        await store.show(ADA, shown)

        recalled = await store.recall(ADA)
        assert recalled is not None
        assert recalled[1] == shown
        done = await one(store, event("k2", tap()))
        assert isinstance(done, Done)
        assert done.shown == shown

    async def test_showing_to_somebody_without_a_row_makes_it(self, store: Store) -> None:
        await store.show(ADA, LIVE)

        assert await store.recall(ADA) == (FIRST, LIVE)
        assert await store.read(lambda t: t.people.active_since(NOON)) == ()

    async def test_many_are_shown_at_once(self, store: Store) -> None:
        await store.turns([event("k1", tap()), event("k2", tap(), person=BEA)])

        await store.show_many({})
        await store.show_many({ADA: LIVE, BEA: replace(LIVE, handle="message 8")})

        ada, bea = await store.recall(ADA), await store.recall(BEA)
        assert ada is not None
        assert bea is not None
        assert (ada[1].handle, bea[1].handle) == ("message 7", "message 8")
        assert await store.read(lambda t: t.people.stale(NOON)) == ()

    async def test_a_card_is_stale_from_a_turn_until_it_is_delivered(self, store: Store) -> None:
        async def stale() -> bool:
            return await store.read(lambda t: t.people.stale(NOON)) == (ADA,)

        await store.turns([event("k1", tap())])
        begun = await stale()
        await store.show(ADA, replace(LIVE, sending=True))
        intended = await stale()
        await store.show(ADA, LIVE)
        delivered = await stale()
        await store.turns([event("k1", tap()), event("k2", broken)])
        unchanged = await stale()
        await store.show(ADA, replace(LIVE, digest=b""))
        unknown = await stale()

        assert (begun, intended, delivered, unchanged, unknown) == (True, True, False, False, True)

    async def test_the_active_are_listed_latest_first(self, store: Store) -> None:
        later, earlier = NOON + timedelta(microseconds=1), NOON - timedelta(microseconds=1)
        times: list[tuple[str, datetime | None]] = [(ADA, later), (CLEO, NOON), (BEA, NOON), ("telegram:4", earlier)]
        times.append(("telegram:5", None))
        await store.turns([event(person, tap(active=at), person=person) for person, at in times])
        await store.show(BEA, LIVE)

        assert await store.read(lambda t: t.people.active_since(NOON)) == (ADA, BEA, CLEO)
        assert await store.read(lambda t: t.people.stale(NOON)) == (ADA, CLEO)
        assert await store.read(lambda t: t.people.active_since(later + SECOND)) == ()
