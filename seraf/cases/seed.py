"""A seed from outside, from which a case is derived. Nothing here is random: the same seed gives the same case."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed. Numbers drawn for different purposes, or from neighbouring seeds, are independent."""

    text: str

    def below(self, count: int, of: str) -> int:
        """Return a number from 0 to `count` - 1; `of` names its purpose."""
        # A hash instead of `random`: only the seed of a made-up case is stored (ADR 0032), so the seed must give the same
        # case whatever else was drawn before, and in every version of Python.
        digest = hashlib.sha256(f"{self.text} {of}".encode()).digest()
        return int.from_bytes(digest) % count

    def one(self, options: Sequence[T], of: str) -> T:
        """Return one of the options, of which there must be at least one."""
        return options[self.below(len(options), of)]

    def ordered(self, names: Sequence[str], of: str) -> tuple[str, ...]:
        """Return the names in an order derived from the seed."""
        return tuple(sorted(names, key=lambda name: self.below(2**64, f"{of} {name}")))
