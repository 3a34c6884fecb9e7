"""Planned faults, and the calls that they spoil."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FaultKind = Literal[
    "too_many",  # 429 with retry_after, no effect, for whomever the call is about
    "too_many_for_all",  # the same, and then for every call
    "cut_before",  # the connection breaks, no effect
    "cut_after",  # the effect happens, then the connection breaks
    "error_500",  # an HTML page from a proxy, no effect
    "error_502",
    "unauthorized",  # 401, as for a token that is not known, no effect
    "conflict",  # 409, as if another program polled, no effect
    "garbage",  # the effect happens, the reply is no JSON
    "delay",  # the effect happens after `seconds`
    "late",  # the effect happens at once, the reply comes after `seconds`
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong; `method` None means at any call, `chat` None for anybody."""

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
    """A queue of faults: each call takes the first that concerns it, counted ones before lasting ones."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []
        self._lasting: list[_Lasting] = []

    def add(self, fault: Fault, *, skip: int, times: int) -> None:
        """Plan a fault for `times` calls, after letting `skip` calls that it concerns pass."""
        self._planned.append(_Planned(fault, skip, times))

    def add_lasting(self, fault: Fault, *, methods: Collection[str], until: datetime) -> None:
        """Plan a fault for every call of these methods before a moment."""
        self._lasting.append(_Lasting(fault, frozenset(methods), until))

    def take(self, method: str, whom: int | str, now: datetime) -> Fault | None:
        """Return the fault of this call of a method about somebody, and count it off."""
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
        """The number of counted faults still to come."""
        return sum(planned.times for planned in self._planned)
