"""The faults that an operator can put right: each says whose fault it is, what was found, and what to do.

A person's mistake is never one of these; it is a reply. No message carries a response, a token or a key.
"""

from seraf.errors import PackFault, SerafError

__all__ = [
    "DamagedStore",
    "DamagedValue",
    "DocumentFault",
    "EarlierStore",
    "InUse",
    "KeyFault",
    "NotReached",
    "PackFault",
    "PassingFault",
    "SerafError",
    "SettingsFault",
    "StoreFault",
    "StoreSlow",
    "StoreUnavailable",
    "TokenShared",
]


class PassingFault(SerafError):
    """What passes by itself: the same may go well a little later, with nothing put right."""


class SettingsFault(SerafError):
    """A setting is missing or wrong."""


class NotReached(PassingFault):
    """Telegram did not answer, and why."""


class InUse(SettingsFault, PassingFault):
    """Another program has what only one may have: the store, or the token."""


class TokenShared(PassingFault):
    """Another bot polls with the same token, and was there first."""


class StoreFault(SerafError):
    """The store could not read or keep something; what was not kept was not acknowledged."""


class StoreUnavailable(StoreFault, PassingFault):
    """The store cannot be used now: another program holds it, or the disk under it is full or failing."""


class StoreSlow(StoreUnavailable):
    """The store has not answered within the `seconds` for which people wait. What it was given goes on, and may yet be kept."""

    def __init__(self, what: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(what)


class StoreClosed(StoreUnavailable):
    """The store was closed, since the bot is stopping."""


class EarlierStore(StoreFault):
    """The database is of an earlier release, and this command is not one that brings it up."""


class DamagedStore(StoreFault):
    """The file of the store is damaged, and stays so until a backup is restored."""


class DamagedValue(StoreFault):
    """One value of the store does not open; the others may."""


class DocumentFault(SerafError):
    """A document could not be made. The message says nothing of its contents."""


class KeyFault(SerafError):
    """The key file is missing, open to others, malformed, or not the one of this database."""
