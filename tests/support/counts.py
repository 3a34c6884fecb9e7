"""How often a test of docs/promises.md repeats its scenario: bounded, or in full with `SERAF_PROVE=full`."""

import functools
import inspect
import os
from collections.abc import Callable

import pytest

IS_FULL = os.environ.get("SERAF_PROVE") == "full"
"""True if the promises are tried with their full counts."""

SHOWS_TABLE = os.environ.get("SERAF_PROVE") in ("full", "table")
"""True if the table of the promises is printed: after a run with full counts, and with `SERAF_PROVE=table`."""


def times(full: int, bounded: int) -> int:
    """Return `full` if the promises are tried with their full counts, otherwise `bounded`."""
    return full if IS_FULL else bounded


def each_seed(full: int, bounded: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that runs a test of a promise once for each seed from 0, as one test.

    `times` says how many seeds there are, and an error names its seed. One pytest case per seed would cost too much for
    one assertion each.
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

        del every.__wrapped__  # otherwise pytest would look for a fixture named `seed`
        asked = inspect.signature(test)
        every.__signature__ = asked.replace(  # type: ignore[attr-defined]  # inspect reads it, and no stub knows it
            parameters=[each for each in asked.parameters.values() if each.name != "seed"]
        )
        marked: Callable[..., None] = pytest.mark.prove(every)
        return marked

    return over
