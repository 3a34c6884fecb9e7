"""The cost of a PIN in tests: next to nothing, since they open so many chats. `make prove` pays in full."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.crypto import pins

REAL = pins.ITERATIONS, pins.MEMORY_KIB
"""The passes and the KiB that a try costs in a bot that runs by itself."""


def use_cheap_pins() -> None:
    """Make a PIN cost the least that Argon2 allows, in this process alone."""
    pins.ITERATIONS, pins.MEMORY_KIB = 1, 8 * pins.LANES


@contextmanager
def cheap_pins() -> Iterator[None]:
    """Make a PIN cost next to nothing for a while in a full run too, where PINs do not matter."""
    before = pins.ITERATIONS, pins.MEMORY_KIB
    use_cheap_pins()
    try:
        yield
    finally:
        pins.ITERATIONS, pins.MEMORY_KIB = before


_BEFORE: list[tuple[int, int]] = []
"""What a try cost before each of those who hash as a bot does now: several may at the same time, and end in any order."""


@contextmanager
def real_pins() -> Iterator[None]:
    """Hash for a while as a bot in another process does, so that both know the same PINs."""
    _BEFORE.append((pins.ITERATIONS, pins.MEMORY_KIB))
    pins.ITERATIONS, pins.MEMORY_KIB = REAL
    try:
        yield
    finally:
        before = _BEFORE.pop()
        if not _BEFORE:  # the last one puts back what the first one found
            pins.ITERATIONS, pins.MEMORY_KIB = before
