"""The events of a conversation. Time and randomness arrive with the event; nothing here reads a clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from seraf.advice.contacts import LocalTime


@dataclass(frozen=True)
class Occasion:
    """When an event happened (local time), and the reference to use if it begins an assessment."""

    now: LocalTime
    reference: str
    draw_code: Callable[[], str] = field(default=str, repr=False, compare=False)

    @cached_property
    def code(self) -> str:
        """A unique code, drawn once, for an event that opens a room of a rehearsal or takes a seat in one."""
        return self.draw_code()


@dataclass(frozen=True, slots=True)
class Began:
    """The person asked to start (`/start`)."""

    occasion: Occasion


@dataclass(frozen=True, slots=True)
class Pressed:
    """The person pressed a button: `card` is the token of the card that it was on, `code` the button's code."""

    occasion: Occasion
    card: int
    code: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """The person typed a command: its name without the slash, and the words after it."""

    occasion: Occasion
    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """The person typed text that is neither a command nor a button. The text is not kept, so it is not here."""

    occasion: Occasion


@dataclass(frozen=True, slots=True)
class Noted:
    """The person typed a note at a card that takes one. No other event carries the text."""

    occasion: Occasion
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ignored:
    """The person sent a message of a kind that the bot does not take: `kind` is in `IGNORED_KINDS`."""

    occasion: Occasion
    kind: str


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Time passed, and something is due. `is_old` is True if Telegram will soon refuse to delete the card."""

    occasion: Occasion
    is_old: bool = False


IGNORED_KINDS = ("media", "voice", "forward", "edit")  # the wording file has a sentence for each
Event = Began | Pressed | Commanded | Typed | Noted | Ignored | Lapsed
