"""How often a promise is tried: a bounded count in every run, the full one when `SERAF_PROVE=full`."""

import os

IS_FULL = os.environ.get("SERAF_PROVE") == "full"
"""Whether the promises are to be run with their full counts."""


def times(full: int, bounded: int) -> int:
    """The full count when everything is to be proved, else the bounded one."""
    return full if IS_FULL else bounded
