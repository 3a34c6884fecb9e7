"""The faults that this project raises on purpose, each telling an operator what was found and what to do."""


class SerafError(Exception):
    """An operator's mistake: the message says whose, what was found and what to do; never a response or a secret."""


class PackFault(SerafError):
    """A pack that must not start: `faults` lists every one of them, each with its path in the file."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class RequestFault(SerafError):
    """A scoring request that cannot be answered: `faults` lists everything that is wrong with it."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))
