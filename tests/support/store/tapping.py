"""A person who taps while something else goes on, and the acknowledgements."""

import asyncio
from dataclasses import replace

from bot.storage.store import Store
from bot.storage.values import Decision, Done, Inbound, Record
from tests.support.store.keeping import NOON, person

BETWEEN = 0.005
"""Seconds between two taps: each leaves a row, and all rows are sealed anew in every rotation beside it."""


async def tap_until(store: Store, over: asyncio.Event) -> int:
    """Tap repeatedly until an event is set; return the number of acknowledged taps."""

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
