"""How often somebody may come: a bucket of so many requests that fills again. It knows no request."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST = 20_000
"""Names that are remembered; the one that came longest ago begins anew."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second in the long run."""

    at_once: float
    a_second: float


A_PERSON = Rate(at_once=60, a_second=10)
"""Requests of one person: more than anybody can tap."""

AN_ADDRESS = Rate(at_once=2_000, a_second=500)
"""Requests from one address: a whole office, or a room of sixty phones behind one."""

A_STRANGER = Rate(at_once=300, a_second=20)
"""Requests without a session from one address, to sign in or to guess."""


class Buckets:
    """How much each name has left."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def takes(self, name: str) -> bool:
        """Whether one more may come of this name; if so, it counts."""
        now, rate = self._clock(), self._rate
        left, since = self._left.pop(name, (rate.at_once, now))
        left = min(rate.at_once, left + (now - since) * rate.a_second)
        is_taken = left >= 1
        self._left[name] = (left - is_taken, now)
        if len(self._left) > MOST:
            self._left.popitem(last=False)
        return is_taken
