"""A lot that came from outside, from which one case follows. There is no chance in here: the same lot, the same case."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot. Numbers asked of it for different things, or of lots that are near each other, have nothing to do with each other."""

    seed: str

    def below(self, count: int, of: str) -> int:
        """A number from 0 to `count` less one; `of` says for what."""
        digest = hashlib.sha256(f"{self.seed} {of}".encode()).digest()
        return int.from_bytes(digest) % count

    def one(self, options: Sequence[T], of: str) -> T:
        """One of the options, of which there is one at least."""
        return options[self.below(len(options), of)]

    def ordered(self, names: Sequence[str], of: str) -> tuple[str, ...]:
        """The names in an order of the lot's own."""
        return tuple(sorted(names, key=lambda name: self.below(2**64, f"{of} {name}")))
