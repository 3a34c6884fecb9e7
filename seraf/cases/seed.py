"""A seed that came from outside, from which one case follows. There is no chance in here: the same seed, the same case."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed. Numbers drawn from it for different things, or from neighbouring seeds, are independent."""

    text: str

    def below(self, count: int, of: str) -> int:
        """A number from 0 to `count` less one; `of` says for what."""
        # A hash and not `random`: a made-up case is not kept, only its seed is (ADR 0032), so the same seed has to give
        # the same case whatever else was drawn before, and in every Python.
        digest = hashlib.sha256(f"{self.text} {of}".encode()).digest()
        return int.from_bytes(digest) % count

    def one(self, options: Sequence[T], of: str) -> T:
        """One of the options, of which there is one at least."""
        return options[self.below(len(options), of)]

    def ordered(self, names: Sequence[str], of: str) -> tuple[str, ...]:
        """The names in an order drawn from the seed."""
        return tuple(sorted(names, key=lambda name: self.below(2**64, f"{of} {name}")))
