"""What every channel that can change what it has shown must be able to do. It knows no messenger's words."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from enum import Enum, auto
from typing import Protocol

from bot.runtime.clock import Clock
from bot.storage.owed_document import OwedDocument
from bot.storage.values import Record
from bot.summaries.forms import File
from dialogs.core.replies import Card
from dialogs.core.script import Script


class SendResult(Enum):
    """How showing or sending something went."""

    DONE = auto()
    GONE = auto()
    """What was shown cannot be changed any more: it has to be shown anew."""
    SHUT = auto()
    """The person has shut the bot out: nothing can be shown until they come back."""
    OUTDATED = auto()
    """It may not be shown any more: what counts now has to be shown instead."""
    LATE = auto()
    """It could not be sent yet, and was not."""
    UNSURE = auto()
    """It was tried, and nobody knows whether it arrived."""


StillCurrent = Callable[[], bool]
"""Whether a card may still be shown; asked before each try, since a chat may close while Telegram is out of reach."""


OnSent = Callable[[str], Awaitable[None]]
"""Takes down the handle of what is shown now while it is not sure yet that nothing else stands beside it."""


MaySend = Callable[[], Awaitable[bool]]
"""Whether a document may still be sent; the store is asked before each try."""


class Conversing(Protocol):
    """The conversation whose cards a channel shows."""

    @property
    def script(self) -> Script:
        """The script of today."""
        ...

    @property
    def clock(self) -> Clock:
        """What tells the time."""
        ...

    def card(self, record: Record, notice: str = "") -> Card | None:
        """The card that the person should see now, or None where the chat is to be left empty."""
        ...

    def is_closed(self, record: Record) -> bool:
        """Whether nothing of a case may be shown to the person now."""
        ...

    def may_have(self, record: Record, parcel: OwedDocument) -> bool:
        """Whether the person may be sent the document now."""
        ...

    def document(self, record: Record, parcel: OwedDocument) -> File | None:
        """The document, where there is something to make it of. `DocumentFault` where it cannot be made."""
        ...


class Speaker(Protocol):
    """Shows cards to people, who are named as the store names them. A handle is the channel's own name of what it showed."""

    @property
    def replace_after(self) -> timedelta:
        """The age at which a card is shown anew, so that the channel can still remove the old one."""
        ...

    async def send(
        self, person: str, card: Card, *, still: StillCurrent, is_quiet: bool, unsure: OnSent, is_unsure: bool
    ) -> str | SendResult:
        """Show a new card and return its handle, or why it was not shown.

        `is_unsure` says that something of which no handle is known may stand before it; what is found of it is removed,
        after `unsure` has taken down the new handle.
        `is_quiet` keeps the phone from sounding: nobody asked, and nothing new is to be noticed.
        """
        ...

    async def edit(self, person: str, handle: str, card: Card, *, still: StillCurrent) -> SendResult:
        """Make what stands under the handle show the card. Where it does already, that is as good as done."""
        ...

    async def hand(self, person: str, file: File, *, may: MaySend, note: OnSent, spare: frozenset[str]) -> SendResult:
        """Send a file that can be saved and sent on; `note` takes down its handle.

        What is found of an earlier try is removed, but for what stands under the handles to `spare`.
        """
        ...

    async def tell(self, person: str, text: str) -> str | None:
        """Say one line beside the card (best effort), and return its handle where it was said."""
        ...

    async def remove(self, person: str, handle: str) -> bool:
        """Remove what stands under the handle; true where it is gone."""
        ...


def signature(card: Card) -> str:
    """All of a card in one string: two cards with the same signature look and act alike."""
    paragraphs = [(paragraph.text, paragraph.is_strong, paragraph.is_close) for paragraph in card.paragraphs]
    rows = [[(button.label, button.code) for button in row] for row in card.rows]
    return repr((card.token, paragraphs, rows))
