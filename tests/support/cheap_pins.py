"""The cost of a PIN in tests: next to nothing, as they open so many chats. `make prove` pays in full. None is hashed in a transaction."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import storage
from bot.crypto import pins

REAL = pins.ITERATIONS, pins.MEMORY_KIB
"""The passes and the memory in KiB that the bot itself uses to hash a PIN."""

STORAGE = str(Path(storage.__file__).parent)
"""Whatever this folder calls runs within a transaction, but for what it attempts between two of them."""


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


def demand_no_transaction() -> None:
    """Raise `AssertionError` if the caller runs within a transaction of a store."""
    frame = sys._getframe()  # noqa: SLF001 - who calls is what is asked
    while frame is not None:
        code, frame = frame.f_code, frame.f_back  # type: ignore[assignment]
        is_outside = not code.co_filename.startswith(STORAGE) or code.co_name == "attempt"
        assert is_outside, f"a PIN is hashed within a transaction, in {code.co_name}"


@contextmanager
def watched_pins() -> Iterator[None]:
    """Let no PIN be hashed within a transaction, where the common lock of all programs at the database would be held."""
    hashed = pins.Pins.hashed

    def watched(self: pins.Pins, pin: str, salt: bytes) -> str:
        demand_no_transaction()
        return hashed(self, pin, salt)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pins.Pins, "hashed", watched)
        yield


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
