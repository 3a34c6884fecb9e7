"""The faults that an operator can put right: each says whose fault it is, what was found, and what to do.

A person's mistake is never one of these; it is a reply. No message carries a response, a token or a key.
"""

from seraf.errors import PackFault, SerafError

__all__ = ["DamagedValue", "DocumentFault", "KeyFault", "PackFault", "SerafError", "SettingsFault", "StoreFault"]


class SettingsFault(SerafError):
    """A setting is missing or wrong."""


class StoreFault(SerafError):
    """The store could not read or keep something; what was not kept was not acknowledged."""


class DamagedValue(StoreFault):
    """One value of the store does not open; the others may."""


class DocumentFault(SerafError):
    """A document could not be made. The message says nothing of its contents."""


class KeyFault(SerafError):
    """The key file is missing, open to others, malformed, or not the one of this database."""
