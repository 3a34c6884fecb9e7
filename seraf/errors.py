"""The faults that this project raises on purpose, each telling an operator what was found and what to do."""

from collections.abc import Sequence

MOST_LINES = 50
"""The most faults that are said at once; the rest are counted."""


def at_most(lines: Sequence[str], most: int = MOST_LINES) -> tuple[str, ...]:
    """The first lines, and how many more there are."""
    more = len(lines) - most
    return (*lines[:most], *((f"… and {more} more",) if more > 0 else ()))


class SerafError(Exception):
    """An operator's mistake: the message says whose, what was found and what to do; never a response or a secret."""


class PackFault(SerafError):
    """A pack that must not start: `faults` lists them, each with its path in the file; the message has the first fifty."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(at_most(faults)))


MOST_SAID = 20
"""The most faults of a request that are said; the rest are counted, so that a thousand lines do not hide the first."""


class RequestFault(SerafError):
    """A scoring request that cannot be answered: `faults` lists everything that is wrong with it; the message says how many
    more there are than the first twenty.
    """

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(at_most(faults, MOST_SAID)))
