"""Errors for operators: each says whose fault it is and what to do, without an answer, a token or a key."""

from seraf.errors import PackFault as PackFault
from seraf.errors import SerafError as SerafError


class PassingFault(SerafError):
    """A temporary fault: a retry may succeed without a repair."""


class SettingsFault(SerafError):
    """A setting is missing or wrong."""


class NotReached(PassingFault):
    """Telegram did not answer. The message says why."""


class InUse(SettingsFault, PassingFault):
    """Another program uses something exclusive: the store, the token or a port."""


class TokenShared(PassingFault):
    """Another bot polls with the same token, and polled first."""


class StoreFault(SerafError):
    """The store could not read or write something. An unwritten change was not acknowledged to anybody."""


class StoreUnavailable(StoreFault, PassingFault):
    """The store cannot be used now: another program has locked it, or its disk is full or failing."""


class StoreSlow(StoreUnavailable):
    """The store has not answered within the `seconds` that people wait. The write continues, and may still succeed."""

    def __init__(self, what: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(what)


class StoreClosed(StoreUnavailable):
    """The store was closed because the bot is stopping."""


class EarlierStore(StoreFault):
    """The database is from an earlier release, and this command does not migrate it."""


class DamagedStore(StoreFault):
    """The file of the store is damaged until a backup is restored."""


class DamagedValue(StoreFault):
    """One sealed value of the store cannot be opened. Others may still open."""


class DocumentFault(SerafError):
    """A document could not be made. The message does not reveal its contents."""


class KeyFault(SerafError):
    """The key file is missing, readable by others, malformed, or not that of this database."""
