"""What every channel that can change what it has shown must be able to do. It knows no messenger's words."""

from datetime import timedelta
from enum import Enum, auto
from typing import Protocol

from dialogs.replies import Card


class Put(Enum):
    """How an edit went."""

    DONE = auto()
    GONE = auto()
    """What was shown cannot be changed any more: it has to be shown anew."""
    SHUT = auto()
    """The person has shut the bot out: nothing can be shown until they come back."""


class Speaker(Protocol):
    """Shows cards to people, who are named as the store names them. A handle is the channel's own name of what it showed."""

    @property
    def replace_after(self) -> timedelta:
        """The age at which a card is shown anew, so that the channel can still remove the old one."""
        ...

    async def send(self, person: str, card: Card) -> str | None:
        """Show a new card and return its handle, or None where the person has shut the bot out."""
        ...

    async def edit(self, person: str, handle: str, card: Card) -> Put:
        """Make what stands under the handle show the card. Where it does already, that is as good as done."""
        ...

    async def remove(self, person: str, handle: str) -> bool:
        """Remove what stands under the handle; true where it is gone."""
        ...


def signature(card: Card) -> str:
    """All of a card in one string: two cards with the same signature look and act alike."""
    paragraphs = [(paragraph.text, paragraph.is_strong) for paragraph in card.paragraphs]
    rows = [[(button.label, button.code) for button in row] for row in card.rows]
    return repr((card.token, paragraphs, rows))
