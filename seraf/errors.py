"""The base class of the errors that this project raises on purpose, and the errors of packs and of scoring requests."""

from collections.abc import Sequence

MOST_LINES, MOST_SAID = 50, 20
"""The maximum number of faults listed in one message, for a pack and for a request. Further faults are only counted."""


def at_most(lines: Sequence[str], most: int = MOST_LINES) -> tuple[str, ...]:
    """Return the first `most` lines. If there are more, add a line that says how many were left out."""
    more = len(lines) - most
    return (*lines[:most], *((f"… and {more} more",) if more > 0 else ()))


class SerafError(Exception):
    """An error that an operator can correct. The message says what was found and what to do; no response or secret."""


class PackFault(SerafError):
    """Raised for a pack with faults. `faults` has all of them, with their paths; the message lists the first 50."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(at_most(faults)))


class RequestFault(SerafError):
    """Raised for a scoring request with faults. `faults` lists all of them; the message lists the first 20."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(at_most(faults, MOST_SAID)))
