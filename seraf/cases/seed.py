"""A seed, from which a made-up case is derived. Nothing is random: the same seed always gives the same case."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed, which is a text. The numbers that it gives for different purposes do not depend on one another."""

    text: str

    def below(self, count: int, of: str) -> int:
        """Return a whole number from 0 to `count` - 1, which depends on the seed and on the purpose `of`."""
        # A hash instead of `random`: only the seed of a made-up case is stored (ADR 0032), so the seed must give the same
        # case whatever else was drawn before, and in every version of Python.
        digest = hashlib.sha256(f"{self.text} {of}".encode()).digest()
        return int.from_bytes(digest) % count

    def one(self, options: Sequence[T], of: str) -> T:
        """Return one of the options, chosen by the seed for the purpose `of`. There must be at least one option."""
        return options[self.below(len(options), of)]

    def ordered(self, names: Sequence[str], of: str) -> tuple[str, ...]:
        """Return the names in an order that depends on the seed and on the purpose `of`."""
        return tuple(sorted(names, key=lambda name: self.below(2**64, f"{of} {name}")))
