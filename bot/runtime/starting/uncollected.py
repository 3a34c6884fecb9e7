"""No looking for garbage in what stays: while modules are imported or a pack is read, and in all of it once the bot is ready."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

COLLECT_AFTER = 50_000
"""Objects made and not freed between two looks for those that hold each other: a tap leaves few, and 700 is many looks a second."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for none while the block runs; then as before, but never again through what is there by then, not even at the end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def keep_for_good() -> None:
    """What there is now, pack, words and libraries, stays: no look has to walk through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
