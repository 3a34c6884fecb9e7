"""The two sides of a channel, `Listener` and `Sender`. `bot.channels.running` does the rest. It knows no messenger."""

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
    """An act of a person, which a turn answers."""

    key: str
    person: str = field(repr=False)
    event: Event
    words: str = field(default="", repr=False)  # the typed text, if notes are taken; only the turn reads it
    code: str = field(default="", repr=False)  # a possible one-time code that came with the act
    reply_to: str | None = None  # the channel's handle of an act that can itself be answered, such as a pressed button
    pressed_on: str | None = None  # the message whose button was pressed
    own_message: str | None = None  # the message that the person wrote, which is removed
    is_new: bool = False  # True if the person has just written, so that the card belongs below it


@dataclass(frozen=True, slots=True)
class CameBack:
    """A person has unblocked the bot. The card in their chat may be outdated."""

    key: str
    person: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotForUs:
    """An event without an answer. Its key is stored like any other."""

    key: str


Heard = Acted | CameBack | NotForUs


class SendResult(Enum):
    """The result of sending a message."""

    DONE = auto()
    GONE = auto()  # the message can no longer be changed; a new one has to be sent
    SHUT = auto()  # the person has blocked the bot
    OUTDATED = auto()  # the message may no longer be shown, and was not sent; a newer one has to be sent
    LATE = auto()  # the message could not be sent yet
    UNSURE = auto()  # the message was sent, and may or may not have arrived


StillCurrent = Callable[[], bool]  # True if a card may still be shown; called before each try, as a chat may close
OnSent = Callable[[str], Awaitable[None]]  # records the handle of a new message before strays are removed


async def _unrecorded(_: str) -> None:
    """Record no handle: the message is removed at once, or there is no store."""


@dataclass(frozen=True, slots=True)
class Sending:
    """The options of sending a new card."""

    is_current: StillCurrent = lambda: True
    is_quiet: bool = False  # True if the phone should not sound, since nobody asked and there is no news
    may_have_strays: bool = False  # True if unrecorded messages may stand above the card, to be removed
    on_sent: OnSent = _unrecorded


MaySend = Callable[[], Awaitable[bool]]  # True if a document may still be sent; it asks the store before each try
OnReached = Callable[[datetime | None, datetime], None]
"""Called once people can be heard, with the start of an outage in which acts may be lost, if any, and the time."""


class Receiver(Protocol):
    """The inbox to which a channel passes what it receives."""

    async def take(self, batch: Sequence[Heard]) -> None:
        """Store a batch, in order. Raise `StoreFault` if none of it is known to be stored; it is then passed again."""

    def cannot_keep(self, batch: Sequence[Heard], *, is_tried_again: bool) -> None:
        """Tell people that their acts could not be saved just now, and whom to call if they asked for that."""


class Listener(Protocol):
    """The receiving side of a channel."""

    async def listen(self, receiver: Receiver, on_reached: OnReached) -> None:
        """Listen until there is nobody left to hear. Call `on_reached` after the first batch and every outage."""


class Sender(Protocol):
    """The sending side of a channel. A handle is the channel's own name of a message."""

    channel: str  # the sender shows nothing to people of other channels
    sends_files: bool  # False if people download their pending documents instead

    @property
    def replace_after(self) -> timedelta | None:
        """The age at which a card is replaced, so that the channel can still remove the old one; None for never."""

    @property
    def removable_for(self) -> timedelta | None:
        """The age up to which the channel can remove a message; None for ever."""

    async def send(self, person: str, card: Card, how: Sending) -> str | SendResult:
        """Send a new card and return its handle, or the reason why it was not sent."""

    async def edit(self, person: str, handle: str, *, card: Card, is_current: StillCurrent) -> SendResult:
        """Change a message to show the card. A message that shows it already counts as done."""

    async def send_file(
        self, person: str, file: File, *, may_send: MaySend, on_sent: OnSent, keep: frozenset[str]
    ) -> SendResult:
        """Send a file, and record its handle with `on_sent`. Remove strays of an earlier try, but none in `keep`."""

    async def tell(self, person: str, text: str) -> str | None:
        """Send one line next to the card (best effort), and return its handle if it was sent."""

    async def answer(self, reply_to: str, text: str) -> None:
        """Answer an act (best effort), with a short text if there is one."""

    async def remove(self, person: str, handles: Sequence[str]) -> tuple[str, ...]:
        """Remove messages, and return the handles of those that are gone."""
