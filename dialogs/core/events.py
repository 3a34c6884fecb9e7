"""What can happen to a conversation. Time and randomness come in with the event; nothing here asks a clock or draws at random."""

from dataclasses import dataclass, field

from seraf.advice.contacts import LocalTime


@dataclass(frozen=True, slots=True)
class Occasion:
    """When an event happened, as people there live it, and the reference to use should it begin an assessment.

    `code` is a fresh code, should it open a room of a rehearsal or take a seat in one; nobody else's begins alike.
    """

    now: LocalTime
    reference: str
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Began:
    """The person asked to start (`/start`)."""

    occasion: Occasion


@dataclass(frozen=True, slots=True)
class Pressed:
    """The person pressed a button: the token of the card that it stood on, and the button's code."""

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
    """The person typed something that is no command and no button. What it was is not kept, so it is not here."""

    occasion: Occasion


@dataclass(frozen=True, slots=True)
class Noted:
    """The person typed a note at a card that takes one. It is made within a turn, and nowhere else does the text travel."""

    occasion: Occasion
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ignored:
    """The person sent what the bot does not take: `kind` is a word of `IGNORED_KINDS`."""

    occasion: Occasion
    kind: str


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Time has passed, and something is due without the person; `is_old` where their card could soon not be removed any more."""

    occasion: Occasion
    is_old: bool = False


IGNORED_KINDS = ("media", "voice", "forward", "edit")
"""What is not taken, each with a sentence of its own in the wording file."""

Event = Began | Pressed | Commanded | Typed | Noted | Ignored | Lapsed
