"""Errors for operators. A message says whose fault it is and what to do, and contains no answer, token or key."""

from seraf.errors import PackFault as PackFault
from seraf.errors import SerafError as SerafError


class PassingFault(SerafError):
    """A fault that may be temporary, so that a retry may succeed although nothing was repaired."""


class SettingsFault(SerafError):
    """Raised if a setting, an option or an argument is missing or wrong."""


class NotReached(PassingFault):
    """Raised if Telegram did not answer. The message says why."""


class InUse(SettingsFault, PassingFault):
    """Raised if another program uses the store, the token or the port, which only one program can use at a time."""


class TokenShared(PassingFault):
    """Raised if another bot, which began earlier, polls with the same token."""


class StoreFault(SerafError):
    """Raised if the store could not be read or written. Nobody is told that an unwritten change was saved."""


class StoreUnavailable(StoreFault, PassingFault):
    """Raised if the store cannot be used now: another program has locked it, or its disk is full or failing."""


class StoreSlow(StoreUnavailable):
    """Raised if the store did not answer within `seconds`, for which people wait. Its work goes on and may succeed."""

    def __init__(self, what: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(what)


class StoreClosed(StoreUnavailable):
    """Raised if the store was closed because the bot is stopping."""


class EarlierStore(StoreFault):
    """Raised by a command that does not migrate the database if an earlier release wrote it."""


class UnusableStore(StoreFault):
    """The store cannot be used by this program until somebody has put it right. Another copy of the bot may still use it."""


class DamagedStore(UnusableStore):
    """The database file is damaged. A backup has to be restored."""


class DamagedValue(StoreFault):
    """Raised if an encrypted value in the store cannot be decrypted. Other values may be intact."""


class DocumentFault(SerafError):
    """Raised if a document could not be made. The message reveals nothing of its contents."""


class KeyFault(SerafError):
    """Raised if the key file is missing, malformed or readable by others, or belongs to another database."""
