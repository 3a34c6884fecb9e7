"""The events of a conversation. Each brings the time and a source of random codes; nothing here reads a clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from seraf.advice.contacts import LocalTime


@dataclass(frozen=True)
class Occasion:
    """The local time of an event, the reference for an assessment that may begin with it, and a function that draws a code."""

    now: LocalTime
    reference: str
    draw_code: Callable[[], str] = field(default=str, repr=False, compare=False)

    @cached_property
    def code(self) -> str:
        """A unique code for a group rehearsal that the person opens or joins. It is drawn when it is first read."""
        return self.draw_code()


@dataclass(frozen=True, slots=True)
class Began:
    """The event that the person asked to start (`/start`)."""

    occasion: Occasion


@dataclass(frozen=True, slots=True)
class Pressed:
    """The event that the person pressed a button: the token of the button's card, and the code of its act."""

    occasion: Occasion
    card: int
    code: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """The event that the person typed a command. `name` is without the slash; `words` is the text after it."""

    occasion: Occasion
    name: str
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Typed:
    """The event that the person typed text that is not a command. The text itself is not passed on.

    `card` is the token of the card with the field that it was typed into, or None on a channel without fields.
    """

    occasion: Occasion
    card: int | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """The event that the person typed a note while the card takes one. No other event has free text. `card` as in `Typed`."""

    occasion: Occasion
    text: str = field(repr=False)
    card: int | None = None


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The event that the person asked in their own words. `about` is what was found, as the overlay of the answer has it.

    It has no word of the question: this is looked up before the turn, and goes no further.
    """

    occasion: Occasion
    about: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """The event that the person sent a kind of message that the bot does not read. `kind` is in `IGNORED_KINDS`."""

    occasion: Occasion
    kind: str


@dataclass(frozen=True, slots=True)
class Lapsed:
    """The event that something became due. `is_old` is True if the channel will soon be unable to remove the card."""

    occasion: Occasion
    is_old: bool = False


IGNORED_KINDS = ("media", "voice", "forward", "edit")  # the wording file has an answer to each
Event = Began | Pressed | Commanded | Typed | Noted | LookedUp | Ignored | Lapsed
