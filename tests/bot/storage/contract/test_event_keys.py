"""Contract of event keys: each counts once, until it is forgotten."""

from dataclasses import replace
from datetime import timedelta

from bot.storage.store import Store
from bot.storage.values import Done, Repeated
from tests.support.store.builders import NOON, event, tap

SECOND = timedelta(seconds=1)


class TestEventKeys:
    async def test_keys_before_a_cut_are_forgotten(self, store: Store) -> None:
        times = {"k1": NOON - SECOND, "k2": NOON, "k3": NOON + SECOND}
        await store.turns([replace(event(key, tap()), at=at) for key, at in times.items()])

        forgotten = await store.write(lambda t: t.event_keys.forget_before(NOON))

        again = await store.turns([event(key, tap()) for key in times])
        assert forgotten == 1
        assert [type(outcome) for outcome in again] == [Done, Repeated, Repeated]
