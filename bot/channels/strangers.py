"""How often strangers are told the one line that they get, and how often they may try a code. A restart forgets it all."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

QUIET = timedelta(minutes=1)
"""Nobody is told twice within this time."""

MOST = 120
"""How many strangers are told within that time; beyond it, those who may use the bot would have to wait for them."""

TRIES = 5
"""Wrong codes after which somebody has to wait before the next one counts."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(days=1)
"""How long they wait: doubled with each further wrong code, from the first up to the longest."""

MOST_DOUBLINGS = 20

MOST_TRIERS = 10_000
"""People whose wrong codes are remembered. Those who tried longest ago are forgotten first."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong codes of one person, and until when none counts."""

    wrong: int
    until: datetime


class Strangers:
    """When each stranger was told last, and what codes they have tried."""

    def __init__(self, most: int = MOST) -> None:
        """`most` is how many are told within the time in which nobody is told twice."""
        self._most = most
        self._told: OrderedDict[str, datetime] = OrderedDict()
        self._tries: OrderedDict[str, Tries] = OrderedDict()

    def may_be_told(self, person: str, now: datetime) -> bool:
        """Whether the stranger may be told now; if so, counts them as told."""
        while self._told and abs(now - next(iter(self._told.values()))) >= QUIET:
            self._told.popitem(last=False)
        if person in self._told or len(self._told) >= self._most:
            return False
        self._told[person] = now
        return True

    def may_try(self, person: str, now: datetime) -> bool:
        """Whether a code of theirs is looked at now; if so, counts it as a wrong one. Within a pause not even the right one is."""
        before = self._tries.pop(person, Tries(0, now))
        if now < before.until:
            self._tries[person] = before
            return False
        wrong = before.wrong + 1
        doublings = min(wrong - TRIES, MOST_DOUBLINGS)
        pause = min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE) if wrong >= TRIES else timedelta(0)
        self._tries[person] = Tries(wrong, now + pause)
        if len(self._tries) > MOST_TRIERS:
            self._tries.popitem(last=False)
        return True

    def forgive(self, person: str) -> None:
        """Forget the codes of somebody who may use the bot."""
        self._tries.pop(person, None)
