"""Everybody is looked up for a turn that asked for them, beside the store's one connection; what comes of it are turns of their own."""

import asyncio
from typing import Any, TypeVar

from bot.storage.everybody import Continued, NeedsEverybody
from bot.storage.store import Store
from bot.storage.values import Done, Inbound, Outcome

Effect = TypeVar("Effect", NeedsEverybody[Any], Continued)


def everybody_needed(outcome: Outcome) -> NeedsEverybody[Any] | None:
    """What a turn asked everybody for, if it did."""
    return _effect(outcome, NeedsEverybody)


async def look_up(store: Store, done: Done, needed: NeedsEverybody[Any]) -> Outcome:
    """Look everybody up, and make the turn that was to be made of them, and those that continue it: what the last came to.

    Raises `StoreFault` where that, or a part of it, was not done.
    """
    everybody = await store.everybody(needed.at, needed.asking.see)
    # In a thread: many people are put in order.
    decide, parts = await asyncio.to_thread(needed.asking.decide, everybody), 0
    while True:
        key = f"{done.key}:everybody:{parts}"
        (outcome,) = await store.turns([Inbound(key, needed.at, done.record.person, decide, None)])
        continued = _effect(outcome, Continued)
        if continued is None:
            return outcome
        decide, parts = await asyncio.to_thread(continued.next), parts + 1


def _effect(outcome: Outcome, kind: type[Effect]) -> Effect | None:
    effects = outcome.effects if isinstance(outcome, Done) else ()
    return next((each for each in effects if isinstance(each, kind)), None)
