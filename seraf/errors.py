"""The errors that this project raises on purpose; each tells an operator what was found and what to do."""

from collections.abc import Sequence

MOST_LINES, MOST_SAID = 50, 20
"""The most faults of a pack, and of a request, in one message; the rest are counted, so that the first stays visible."""


def at_most(lines: Sequence[str], most: int = MOST_LINES) -> tuple[str, ...]:
    """Return the first `most` lines, and a line with the number of those left out, if any."""
    more = len(lines) - most
    return (*lines[:most], *((f"… and {more} more",) if more > 0 else ()))


class SerafError(Exception):
    """An operator's mistake: the message says whose it is, what was found and what to do; never a response or a secret."""


class PackFault(SerafError):
    """A pack with faults. `faults` has all of them, each with its path in the file; the message has the first fifty."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(at_most(faults)))


class RequestFault(SerafError):
    """A scoring request with faults. `faults` has all of them; the message has the first twenty and counts the rest."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(at_most(faults, MOST_SAID)))
