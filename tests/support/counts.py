"""How often a promise is tried: a bounded count in every run, the full one with `SERAF_PROVE=full`."""

import functools
import inspect
import os
from collections.abc import Callable

import pytest

IS_FULL = os.environ.get("SERAF_PROVE") == "full"
"""Whether the promises are to be run with their full counts."""

SHOWS_TABLE = os.environ.get("SERAF_PROVE") in ("full", "table")
"""Whether the table of the promises is printed: after the full counts, and with `SERAF_PROVE=table` after bounded ones."""


def times(full: int, bounded: int) -> int:
    """Return the full count in a full run, else the bounded one."""
    return full if IS_FULL else bounded


def each_seed(full: int, bounded: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test of a promise for every seed from 0, so many as `times` says, in one go; a failure says for which seed.

    A case a seed would be collected, reported and set up thousands of times for one assertion each.
    """

    def over(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def every(**fixtures: object) -> None:
            for seed in range(times(full, bounded)):
                try:
                    test(seed=seed, **fixtures)
                except Exception as fault:
                    fault.add_note(f"with seed {seed}")
                    raise

        del every.__wrapped__  # else pytest would ask for a fixture of the name `seed`
        asked = inspect.signature(test)
        every.__signature__ = asked.replace(  # type: ignore[attr-defined]  # inspect reads it, and no stub knows it
            parameters=[each for each in asked.parameters.values() if each.name != "seed"]
        )
        marked: Callable[..., None] = pytest.mark.prove(every)
        return marked

    return over
