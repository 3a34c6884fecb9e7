"""The events of a conversation. Time and randomness arrive with the event; nothing here reads a clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from seraf.advice.contacts import LocalTime


@dataclass(frozen=True)
class Occasion:
    """The local time of an event, and the reference for an assessment that begins with it."""

    now: LocalTime
    reference: str
    draw_code: Callable[[], str] = field(default=str, repr=False, compare=False)

    @cached_property
    def code(self) -> str:
        """A unique code, drawn on first use, for a room of a rehearsal that is opened or a seat taken in one."""
        return self.draw_code()


@dataclass(frozen=True, slots=True)
class Began:
    """The event that the person asked to start (`/start`)."""

    occasion: Occasion


@dataclass(frozen=True, slots=True)
class Pressed:
    """The event that the person pressed a button. `card` is the token of its card, `code` the code of its act."""

    occasion: Occasion
    card: int
    code: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """The event that the person typed a command: its name without the slash, and the words after it."""

    occasion: Occasion
    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """The event that the person typed text that is neither a command nor a button. It does not carry the text."""

    occasion: Occasion


@dataclass(frozen=True, slots=True)
class Noted:
    """The event that the person typed a note at a card that takes one. Only this event carries free text."""

    occasion: Occasion
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ignored:
    """The event that the person sent a message of a kind that the bot does not take: `kind` is in `IGNORED_KINDS`."""

    occasion: Occasion
    kind: str


@dataclass(frozen=True, slots=True)
class Lapsed:
    """The event that something became due. `is_old` is True if Telegram will soon refuse to delete the card."""

    occasion: Occasion
    is_old: bool = False


IGNORED_KINDS = ("media", "voice", "forward", "edit")  # the wording file has a sentence for each
Event = Began | Pressed | Commanded | Typed | Noted | Ignored | Lapsed
