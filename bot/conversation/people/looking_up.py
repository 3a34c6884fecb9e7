"""Everybody is looked up for an event that needs them, before its turn and where nobody waits for it."""

import asyncio
from dataclasses import replace
from functools import partial

from bot.storage.store import Store
from bot.storage.turning import attempt
from bot.storage.values import Asking, Inbound, Refused


async def once_looked_up(store: Store, inbound: Inbound, asking: Asking) -> Inbound | Refused:
    """Return the event again, as it is decided now that everybody is known. Raises `StoreFault` where they could not be read."""
    needed = asking.needed
    everybody = await store.everybody(needed.at, needed.asking.see)
    # In a thread: many people are put in order.
    decide = await asyncio.to_thread(attempt, inbound.key, partial(needed.asking.decide, everybody))
    return decide if isinstance(decide, Refused) else replace(inbound, decide=decide, redemption=None)
