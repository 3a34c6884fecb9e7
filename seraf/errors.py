"""The faults that this project raises on purpose, each telling an operator what was found and what to do."""


class SerafError(Exception):
    """An operator's mistake: the message says whose, what was found and what to do; never a response or a secret."""


class PackFault(SerafError):
    """A pack that must not start: `faults` lists every one of them, each with its path in the file."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


MOST_SAID = 20
"""The most faults of a request that are said; the rest are counted, so that a thousand lines do not hide the first."""


class RequestFault(SerafError):
    """A scoring request that cannot be answered: `faults` lists everything that is wrong with it; the message says how many
    more there are than the first twenty.
    """

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        more = len(faults) - MOST_SAID
        super().__init__("\n".join((*faults[:MOST_SAID], *((f"… and {more} more",) if more > 0 else ()))))
