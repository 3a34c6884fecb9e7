"""Knows what is to go wrong next, and at which call."""

from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "too_many",  # 429 with retry_after, no effect
    "cut_before",  # the connection breaks, no effect
    "cut_after",  # the effect happens, then the connection breaks
    "error_500",  # an HTML page from a proxy, no effect
    "error_502",
    "garbage",  # the effect happens, the reply is no JSON
    "delay",  # the effect happens after `seconds`
    "late",  # the effect happens at once, the reply comes after `seconds`
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong; `method` None means at any call."""

    kind: FaultKind
    method: str | None = None
    retry_after: int = 1
    seconds: float = 0.0


@dataclass(slots=True)
class _Planned:
    fault: Fault
    skip: int
    times: int


class FaultScript:
    """A queue of faults: each call takes the first that concerns it."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def add(self, fault: Fault, *, skip: int, times: int) -> None:
        """Plan a fault for `times` calls, after letting `skip` calls that it concerns pass."""
        self._planned.append(_Planned(fault, skip, times))

    def take(self, method: str) -> Fault | None:
        """Return what goes wrong at this call of a method, and count it off."""
        for planned in self._planned:
            if planned.fault.method not in {None, method}:
                continue
            if planned.skip:
                planned.skip -= 1
                continue
            planned.times -= 1
            if planned.times <= 0:
                self._planned.remove(planned)
            return planned.fault
        return None

    def heal(self) -> None:
        """Forget all that was planned."""
        self._planned.clear()

    @property
    def left(self) -> int:
        """How many faults are still to come."""
        return sum(planned.times for planned in self._planned)
