"""The interfaces of a channel: `Listener` receives and `Sender` sends. `bot.channels.running` connects them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Protocol

from bot.summaries.file import File
from dialogs.core.events import Event
from dialogs.core.replies import Card


@dataclass(frozen=True, slots=True)
class Acted:
    """An act of a person, such as a tap or a message. It becomes a turn. `key` identifies it, so that a repeat is recognised."""

    key: str
    person: str = field(repr=False)
    event: Event
    words: str = field(default="", repr=False)  # the typed text, if notes are taken; only the turn reads it
    code: str = field(default="", repr=False)  # an invitation code that the act may contain
    reply_to: str | None = None  # the channel's id of an act that can be answered directly, such as a tap
    pressed_on: str | None = None  # the handle of the message whose button was pressed
    own_message: str | None = None  # the handle of the message that the person wrote, which is removed
    is_new: bool = False  # True if the person has just written, so that the card belongs below it


@dataclass(frozen=True, slots=True)
class CameBack:
    """The event that a person has unblocked the bot. The card in their chat may be outdated. `key` identifies the event."""

    key: str
    person: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotForUs:
    """An event that the bot does not answer. Its `key`, by which a repeat is recognised, is stored like that of any other event."""

    key: str


Heard = Acted | CameBack | NotForUs


class SendResult(Enum):
    """The result of sending or editing a message."""

    DONE = auto()
    GONE = auto()  # the message can no longer be changed; a new one has to be sent
    SHUT = auto()  # the person has blocked the bot
    OUTDATED = auto()  # the message may no longer be shown, and was not sent; a newer one has to be sent
    LATE = auto()  # the message could not be sent yet
    UNSURE = auto()  # a request to send was made, but it is unknown whether the message arrived


StillCurrent = Callable[[], bool]  # returns True if a card may still be shown; called before each try
OnSent = Callable[[str], Awaitable[None]]  # stores the handle of a new message; lost copies are removed afterwards


async def _unrecorded(_: str) -> None:
    """Ignore the handle of a new message, because the message is removed at once or there is no store."""


@dataclass(frozen=True, slots=True)
class Sending:
    """The options of sending a new card."""

    is_current: StillCurrent = lambda: True
    is_quiet: bool = False  # True if the phone should not sound, since nobody asked and there is no news
    may_have_strays: bool = False  # True if unrecorded messages may be above the card, which are then removed
    on_sent: OnSent = _unrecorded


MaySend = Callable[[], Awaitable[bool]]  # returns True if a document may still be sent; called before each try
OnReached = Callable[[datetime | None, datetime], None]
"""Called once acts can be received, with the start of an outage that may have lost acts (or None), and with the time now."""


class Receiver(Protocol):
    """The inbox to which a channel passes what it receives."""

    async def take(self, batch: Sequence[Heard]) -> None:
        """Store a batch in order. Raise `StoreFault` if it is not known to be stored; the channel then passes it in again."""

    def cannot_keep(self, batch: Sequence[Heard], *, is_tried_again: bool) -> None:
        """Answer acts that could not be saved. `is_tried_again` says whether the channel will pass them in again."""


class Listener(Protocol):
    """The receiving side of a channel."""

    async def listen(self, receiver: Receiver, on_reached: OnReached) -> None:
        """Pass acts to the receiver until the channel ends. Call `on_reached` once acts can be received, and after each outage."""


class Sender(Protocol):
    """The sending side of a channel. A handle is the channel's own id of a message."""

    channel: str  # the name of the channel; nothing is sent to people of other channels
    sends_files: bool  # False if people download their pending documents instead

    @property
    def replace_after(self) -> timedelta | None:
        """The age at which a card is replaced while the channel can still remove it, or None if cards need not be replaced."""

    @property
    def removable_for(self) -> timedelta | None:
        """The age up to which the channel can remove a message, or None if there is no limit."""

    async def send(self, person: str, card: Card, how: Sending) -> str | SendResult:
        """Send a new card and return its handle, or the reason why it was not sent."""

    async def edit(self, person: str, handle: str, *, card: Card, is_current: StillCurrent) -> SendResult:
        """Change a message to show the card. If it already shows the card, the result is `DONE`."""

    async def send_file(
        self, person: str, file: File, *, may_send: MaySend, on_sent: OnSent, keep: frozenset[str]
    ) -> SendResult:
        """Send a file, and pass its handle to `on_sent`. Remove copies that an earlier try left, but no message in `keep`."""

    async def tell(self, person: str, text: str) -> str | None:
        """Try once to send a text as a message of its own. Return its handle, or None if it was not sent."""

    async def answer(self, reply_to: str, text: str) -> None:
        """Try once to answer an act directly, with a short text unless `text` is empty."""

    async def remove(self, person: str, handles: Sequence[str]) -> tuple[str, ...]:
        """Try to remove messages. Return the handles of those that are no longer in the chat."""
