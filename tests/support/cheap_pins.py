"""The cost of hashing a PIN in tests: nearly none, since tests open so many chats. `make prove` has the real cost."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.crypto import pins

REAL = pins.ITERATIONS, pins.MEMORY_KIB
"""The passes and the memory in KiB that the bot itself uses to hash a PIN."""


def use_cheap_pins() -> None:
    """Let this process hash PINs at the lowest cost that Argon2 allows."""
    pins.ITERATIONS, pins.MEMORY_KIB = 1, 8 * pins.LANES


@contextmanager
def cheap_pins() -> Iterator[None]:
    """Hash PINs at the lowest cost within the context, even in a full proof. For tests that are not about PINs."""
    before = pins.ITERATIONS, pins.MEMORY_KIB
    use_cheap_pins()
    try:
        yield
    finally:
        pins.ITERATIONS, pins.MEMORY_KIB = before


_BEFORE: list[tuple[int, int]] = []
"""The cost before each active `real_pins`. Several can be active at the same time, and end in any order."""


@contextmanager
def real_pins() -> Iterator[None]:
    """Hash at the real cost within the context, so that a bot in another process accepts the same PINs."""
    _BEFORE.append((pins.ITERATIONS, pins.MEMORY_KIB))
    pins.ITERATIONS, pins.MEMORY_KIB = REAL
    try:
        yield
    finally:
        before = _BEFORE.pop()
        if not _BEFORE:  # the last context to end restores the cost that the first one found
            pins.ITERATIONS, pins.MEMORY_KIB = before
