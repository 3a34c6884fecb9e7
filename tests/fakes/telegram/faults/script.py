"""The faults that a test has planned, and which calls they affect."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FaultKind = Literal[
    "too_many",  # 429 with retry_after, for the chat of the call; the call has no effect
    "too_many_for_all",  # 429, and from then on for every chat
    "cut_before",  # the connection breaks before the call has an effect
    "cut_after",  # the call has its effect, then the connection breaks
    "error_500",  # an HTML page from a proxy; the call has no effect
    "error_502",
    "unauthorized",  # 401, as for a token that is not known, no effect
    "conflict",  # 409, as if another program polled, no effect
    "garbage",  # the effect happens, the reply is no JSON
    "delay",  # the effect happens after `seconds`
    "late",  # the effect happens at once, the reply comes after `seconds`
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One planned fault. If `method` is None it applies to every method, if `chat` is None to every chat."""

    kind: FaultKind
    method: str | None = None
    chat: int | None = None
    retry_after: int = 1
    seconds: float = 0.0


@dataclass(slots=True)
class _Planned:
    fault: Fault
    skip: int
    times: int


@dataclass(frozen=True, slots=True)
class _Lasting:
    fault: Fault
    methods: frozenset[str]
    until: datetime


class FaultScript:
    """All planned faults. Each call takes the first that applies to it, and faults with a count come first."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []
        self._lasting: list[_Lasting] = []

    def add(self, fault: Fault, *, skip: int, times: int) -> None:
        """Plan a fault for `times` calls that match it, after letting the first `skip` matching calls pass."""
        self._planned.append(_Planned(fault, skip, times))

    def add_lasting(self, fault: Fault, *, methods: Collection[str], until: datetime) -> None:
        """Plan a fault for every call of these methods until `until`."""
        self._lasting.append(_Lasting(fault, frozenset(methods), until))

    def take(self, method: str, whom: int | str, now: datetime) -> Fault | None:
        """Return the fault for this call, or None. If it has a count, the count is reduced."""
        for planned in self._planned:
            if planned.fault.method not in {None, method} or planned.fault.chat not in {None, whom}:
                continue
            if planned.skip:
                planned.skip -= 1
                continue
            planned.times -= 1
            if planned.times <= 0:
                self._planned.remove(planned)
            return planned.fault
        self._lasting = [lasting for lasting in self._lasting if now < lasting.until]
        return next((lasting.fault for lasting in self._lasting if method in lasting.methods), None)

    def heal(self) -> None:
        self._planned.clear()
        self._lasting.clear()

    @property
    def left(self) -> int:
        """The number of calls that planned faults with a count will still affect."""
        return sum(planned.times for planned in self._planned)
