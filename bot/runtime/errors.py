"""Errors for operators. Each message says whose fault it is and what to do, and contains no answer, token or key."""

from seraf.errors import PackFault as PackFault
from seraf.errors import SerafError as SerafError


class PassingFault(SerafError):
    """A temporary fault: a retry may succeed without a repair."""


class SettingsFault(SerafError):
    """A setting is missing or wrong."""


class NotReached(PassingFault):
    """Telegram did not answer. The message says why."""


class InUse(SettingsFault, PassingFault):
    """Another program uses the store, the token or the port, which only one program can use at a time."""


class TokenShared(PassingFault):
    """Another bot polls with the same token, and began before this one."""


class StoreFault(SerafError):
    """The store could not be read or written. Nobody was told that an unwritten change is saved."""


class StoreUnavailable(StoreFault, PassingFault):
    """The store cannot be used now: another program has locked it, or its disk is full or failing."""


class StoreSlow(StoreUnavailable):
    """The store did not answer within `seconds`, the longest that people wait. The write continues and may succeed."""

    def __init__(self, what: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(what)


class StoreClosed(StoreUnavailable):
    """The store was closed because the bot is stopping."""


class EarlierStore(StoreFault):
    """The database is from an earlier release, and this command does not migrate it."""


class UnusableStore(StoreFault):
    """The store cannot be used by this program until somebody has put it right. Another copy of the bot may still use it."""


class DamagedStore(UnusableStore):
    """The database file is damaged. A backup has to be restored."""


class DamagedValue(StoreFault):
    """One encrypted value in the store cannot be decrypted. Other values may be intact."""


class DocumentFault(SerafError):
    """A document could not be made. The message does not reveal its contents."""


class KeyFault(SerafError):
    """The key file is missing, readable by others, malformed, or belongs to another database."""
