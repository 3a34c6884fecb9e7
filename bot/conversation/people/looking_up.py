"""Everybody is looked up for a turn that asked for them, beside the store's one connection; what comes of it are turns of their own."""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any, TypeVar

from bot.storage.everybody import Continued, NeedsEverybody
from bot.storage.store import Store
from bot.storage.turning import attempt
from bot.storage.values import Decide, Done, Inbound, KeyOnly, Outcome, Refused

Effect = TypeVar("Effect", NeedsEverybody[Any], Continued)


def everybody_needed(outcome: Outcome) -> NeedsEverybody[Any] | None:
    """What a turn asked everybody for, if it did."""
    return _effect(outcome, NeedsEverybody)


class LookUps:
    """Looks everybody up for one act after the other: each takes a thread and a reader, and there are others who need them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._one = asyncio.Lock()

    async def look_up(self, asked: Done, needed: NeedsEverybody[Any]) -> Outcome:
        """Look everybody up, and make the turn that was to be made of them, and those that continue it: what the last came to.

        `KeyOnly` where the person has gone on to something else. Raises `StoreFault` where it, or a part of it, was not done.
        """
        async with self._one:
            found = await self._store.recall(asked.record.person)
            if found is None or found[0].card != asked.record.card:
                return KeyOnly(asked.key)
            everybody = await self._store.everybody(needed.at, needed.asking.see)
            work: Callable[[], Decide] = partial(needed.asking.decide, everybody)
            for parts in count():
                key = f"{asked.key}:everybody:{parts}"
                # In a thread: many people are put in order.
                decide = await asyncio.to_thread(attempt, key, work)
                if isinstance(decide, Refused):
                    return decide
                outcome = await self._turn(key, asked, needed, decide=decide)
                continued = _effect(outcome, Continued)
                if continued is None:
                    return outcome
                work = continued.next
            raise AssertionError("there is no end of parts")

    async def _turn(self, key: str, asked: Done, needed: NeedsEverybody[Any], *, decide: Decide) -> Outcome:
        (outcome,) = await self._store.turns([Inbound(key, needed.at, asked.record.person, decide, None)])
        return outcome


def _effect(outcome: Outcome, kind: type[Effect]) -> Effect | None:
    effects = outcome.effects if isinstance(outcome, Done) else ()
    return next((each for each in effects if isinstance(each, kind)), None)
