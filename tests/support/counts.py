"""How often a promise is tried: a bounded count in every run, the full one when `SERAF_PROVE=full`."""

import os

IS_FULL = os.environ.get("SERAF_PROVE") == "full"
"""Whether the promises are to be run with their full counts."""

SHOWS_TABLE = os.environ.get("SERAF_PROVE") in ("full", "table")
"""Whether the table of the promises is printed: after the full counts, and with `SERAF_PROVE=table` after bounded ones."""


def times(full: int, bounded: int) -> int:
    """The full count when everything is to be proved, else the bounded one."""
    return full if IS_FULL else bounded
