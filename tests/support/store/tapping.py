"""A person who taps while something else happens to the store."""

import asyncio
from dataclasses import replace

from bot.storage.store import Store
from bot.storage.values import Decision, Done, Inbound, Record
from tests.support.store.keeping import NOON, person

BETWEEN = 0.005
"""The pause between two taps in seconds. More taps would leave more rows for a key rotation to encrypt again."""


async def tap_until(store: Store, over: asyncio.Event) -> int:
    """Tap again and again until `over` is set. Return how many taps the store has acknowledged."""

    def decide(record: Record, _: object = None) -> Decision:
        return Decision(replace(record, card=record.card + 1, case=f"case {record.card + 1}", active=NOON), ())

    taps = 0
    while not over.is_set():
        (outcome,) = await store.turns([Inbound(f"tap:{taps}", NOON, person(0), decide, own_message=f"{taps}")])
        assert isinstance(outcome, Done)
        assert outcome.before.card == taps
        recalled = await store.recall(person(0))
        assert recalled is not None
        taps += 1
        assert (recalled[0].card, recalled[0].case) == (taps, f"case {taps}")
        await asyncio.sleep(BETWEEN)
    return taps
