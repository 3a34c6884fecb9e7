"""What a chat shows, as values: the live message, and messages still to be removed. A message's id is hidden from `repr`."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from bot.runtime.clock import aware, from_micros, to_micros
from dialogs.core.codec import ReadTexts


@dataclass(frozen=True, slots=True)
class Shown:
    """The live message, when it was sent (its birth), a keyed hash of what it says (b"" where unknown), and whether a new
    message may be on its way.
    """

    handle: str | None = field(repr=False)
    born: datetime | None
    digest: bytes = field(repr=False)
    sending: bool

    def __post_init__(self) -> None:
        if self.born is not None:
            aware(self.born)

    @property
    def delivered(self) -> bool:
        """Whether the chat is known to show what `digest` says."""
        return bool(self.digest) and not self.sending


NOTHING_SHOWN = Shown(handle=None, born=None, digest=b"", sending=False)


@dataclass(frozen=True, slots=True)
class MessageToRemove:
    """A message still to be removed from a chat; `is_own` says that the person wrote it, not the bot.

    `is_kept` is a document that they asked for: it stays while their chat is open and its case or rehearsal is there.
    """

    person: str = field(repr=False)
    handle: str = field(repr=False)
    born: datetime
    is_own: bool = False
    is_kept: bool = False


def write_shown(shown: Shown) -> bytes:
    """What a chat shows as text to seal."""
    born = None if shown.born is None else to_micros(shown.born)
    return json.dumps([shown.handle, born, shown.digest.hex(), shown.sending]).encode()


def read_shown(text: str) -> Shown:
    """What a chat shows, from such a text."""
    return SHOWN.of(text)


def _read(text: str) -> Shown:
    handle, born, digest, sending = json.loads(text)
    moment = None if born is None else from_micros(born)
    return Shown(handle=handle, born=moment, digest=bytes.fromhex(digest), sending=sending)


SHOWN = ReadTexts(_read)
