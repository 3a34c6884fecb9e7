"""The seam of every channel: what it hears, how it shows, and the conversation behind it. It knows no messenger's words.

A new channel gives a `Listener` and a `Sender`; `bot.channels.running` does the rest: commit, answer, show, recover.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Protocol

from bot.runtime.clock import Clock
from bot.storage.values import Decide, OwedDocument, Record
from bot.summaries.file import File
from dialogs.core.events import Event, Occasion
from dialogs.core.replies import Card
from dialogs.core.script import Script


@dataclass(frozen=True, slots=True)
class Acted:
    """Somebody did something, and a turn answers it."""

    key: str
    person: str = field(repr=False)
    event: Event
    words: str = field(default="", repr=False)
    """What was typed, where notes are taken; nobody looks at it but the turn that answers it."""
    code: str = field(default="", repr=False)
    """What came with it: a one-time code, perhaps."""
    reply_to: str | None = None
    """The channel's handle of the act, where the act itself can be answered: a pressed button, say."""
    pressed_on: str | None = None
    """The message whose button was pressed."""
    own_message: str | None = None
    """The message that the person wrote, which is removed."""
    is_new: bool = False
    """The person has just written, so that the card is to stand below it."""


@dataclass(frozen=True, slots=True)
class CameBack:
    """Somebody had shut the bot out, and let it in again: what stands in their chat may be outdated."""

    key: str
    person: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotForUs:
    """An event that nobody is answered for; its key is kept like any other."""

    key: str


Heard = Acted | CameBack | NotForUs


class SendResult(Enum):
    """How showing or sending something went."""

    DONE = auto()
    GONE = auto()
    """What was shown cannot be changed any more: it has to be shown anew."""
    SHUT = auto()
    """The person has shut the bot out: nothing can be shown until they come back."""
    OUTDATED = auto()
    """It may not be shown any more, and nothing was sent: what counts now has to be shown instead."""
    LATE = auto()
    """It could not be sent yet, and was not."""
    UNSURE = auto()
    """It was tried, and nobody knows whether it arrived."""


StillCurrent = Callable[[], bool]
"""Whether a card may still be shown; asked before each try, since a chat may close while the channel is out of reach."""


OnSent = Callable[[str], Awaitable[None]]
"""Records the handle of the new message before strays are removed."""


async def _unrecorded(_: str) -> None:
    """Record nothing: there is nowhere to, or it is taken away at once."""


@dataclass(frozen=True, slots=True)
class Sending:
    """How a new card is shown."""

    is_current: StillCurrent = lambda: True
    is_quiet: bool = False
    """Keeps the phone from sounding: nobody asked, and nothing new is to be noticed."""
    may_have_strays: bool = False
    """Something of which no handle is known may stand before it; what is found of it is removed, once the new one is recorded."""
    on_sent: OnSent = _unrecorded


MaySend = Callable[[], Awaitable[bool]]
"""Whether a document may still be sent; the store is asked before each try."""


OnReached = Callable[[datetime | None, datetime], None]
"""Told that people can be heard: since when what they did may have been lost, if any was, and the time now."""


class Receiver(Protocol):
    """Where a channel hands in what it heard."""

    async def take(self, batch: Sequence[Heard]) -> None:
        """Take a batch in order: after this its effects are durable, and the channel may confirm it.

        Raises `StoreFault` where nothing of it is known to be kept. Then it is handed in again, with the same keys.
        """
        ...

    def cannot_keep(self, batch: Sequence[Heard], *, is_tried_again: bool) -> None:
        """Tell people that what they did could not be saved just now, and whom to call where they asked for that."""
        ...


class Listener(Protocol):
    """Hears what people do."""

    async def listen(self, receiver: Receiver, on_reached: OnReached) -> None:
        """Hear for as long as there is somebody to hear, and hand each batch in before it is confirmed.

        `on_reached` is told once the first batch was taken, and after every outage in which something may have been lost.
        """
        ...


class Scripted(Protocol):
    """The words that there are, and the time."""

    @property
    def script(self) -> Script:
        """The script of today."""
        ...

    @property
    def clock(self) -> Clock:
        """What tells the time."""
        ...


class Hearing(Scripted, Protocol):
    """What it takes to hear."""

    def occasion(self) -> Occasion:
        """The occasion of an event that happens now."""
        ...


class Conversing(Scripted, Protocol):
    """The conversation that a channel holds, and whose cards it shows."""

    def decide(self, event: Event, *, words: str = "", code: str = "") -> Decide:
        """Return the pure function that answers an event; `words` are what was typed, `code` a one-time code that came with it."""
        ...

    def card(self, record: Record, notice: str = "") -> Card | None:
        """The card that the person should see now, or None where the chat is to be left empty."""
        ...

    def is_closed(self, record: Record) -> bool:
        """Whether nothing of a case may be shown to the person now."""
        ...

    def may_have(self, record: Record, owed: OwedDocument) -> bool:
        """Whether the person may be sent the document now."""
        ...

    def document(self, record: Record, owed: OwedDocument) -> File | None:
        """The document, where there is something to make it of. `DocumentFault` where it cannot be made."""
        ...


class Sender(Protocol):
    """Shows cards to people, who are named as the store names them. A handle is the channel's own name of what it showed."""

    @property
    def channel(self) -> str:
        """The name of the channel. People of other channels are never shown anything here."""
        ...

    @property
    def replace_after(self) -> timedelta | None:
        """The age at which a card is shown anew, so that the channel can still remove the old one; None for never."""
        ...

    @property
    def removable_for(self) -> timedelta | None:
        """The age up to which the channel can remove a message; None for ever."""
        ...

    @property
    def sends_files(self) -> bool:
        """Whether a document is sent; else people fetch it for themselves, for as long as it is owed."""
        ...

    async def send(self, person: str, card: Card, how: Sending) -> str | SendResult:
        """Show a new card and return its handle, or why it was not shown."""
        ...

    async def edit(self, person: str, handle: str, *, card: Card, is_current: StillCurrent) -> SendResult:
        """Make what stands under the handle show the card. Where it does already, that is as good as done."""
        ...

    async def send_file(
        self, person: str, file: File, *, may_send: MaySend, on_sent: OnSent, keep: frozenset[str]
    ) -> SendResult:
        """Send a file that can be saved and sent on; `on_sent` records its handle.

        What is found of an earlier try is removed, but for what stands under the handles to `keep`.
        """
        ...

    async def tell(self, person: str, text: str) -> str | None:
        """Say one line next to the card (best effort), and return its handle where it was said."""
        ...

    async def answer(self, reply_to: str, text: str) -> None:
        """Answer an act (best effort), with a short text where there is one."""
        ...

    async def remove(self, person: str, handles: Sequence[str]) -> tuple[str, ...]:
        """Remove what stands under the handles, and return those under which nothing stands any more."""
        ...


def signature(card: Card) -> str:
    """All of a card in one string: two cards with the same signature look and act alike."""
    # In front of words stands how long they are: else two cards could come to one string. No code has two lines.
    parts = [str(card.token), str(len(card.paragraphs))]
    for text, is_strong, is_close, *_ in card.paragraphs:
        parts += (f"{len(text)}{is_strong:d}{is_close:d}", text)
    for row in card.rows:
        parts.append(str(len(row)))
        for button in row:
            parts += (str(len(button.label)), button.label, button.code)
    return "\n".join(parts)
