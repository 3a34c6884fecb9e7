"""The parts of a recorded conversation (a walk): what a person does, what happens meanwhile, and what is shown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tests.fakes.telegram import FaultKind
from tests.support.places import TESTS

FOLDER = TESTS / "walks"
"""The folder of the files with the walks."""

TERMINAL = "terminal"
TELEGRAM = "telegram"
WEB = "web"
CHANNELS = (TELEGRAM, TERMINAL)

EMPTY = "— the chat is empty —"
"""What a walk says in place of a card if the chat is empty."""


@dataclass(frozen=True, slots=True)
class Press:
    """A press of the button with this label, repeated `times` times, each time on the card that is then shown."""

    label: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class PressAgain:
    """The last press, arriving once more, by impatience or a lost connection. A terminal cannot play this."""


@dataclass(frozen=True, slots=True)
class Type:
    """A line that the person types. It is a command if it begins with a slash."""

    line: str


@dataclass(frozen=True, slots=True)
class Send:
    """Something that the person sends and the bot refuses, by its name in `THINGS`. Only Telegram plays this."""

    thing: str


THINGS = {"photo": "media", "voice message": "voice", "forwarded message": "forward"}
"""What a person may send, and the kind of content that the core is told."""


@dataclass(frozen=True, slots=True)
class Follow:
    """No act of the person: the card changes because of other people. A terminal cannot play this."""


Act = Press | PressAgain | Type | Send | Follow


@dataclass(frozen=True, slots=True)
class ItIsNow:
    at: datetime


@dataclass(frozen=True, slots=True)
class Restarted:
    """A restart of the bot with the same store. A terminal has no store and just goes on."""


@dataclass(frozen=True, slots=True)
class GoesWrong:
    """A failure of the next call of this method at Telegram, such as `cut_after`. A terminal makes no calls."""

    method: str
    kind: FaultKind


@dataclass(frozen=True, slots=True)
class NextReference:
    words: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment for people who read the walk."""

    words: str


class Deed(StrEnum):
    """What other people in the rehearsal do."""

    JOIN = "join"
    FINISH = "finish"
    OPEN = "open"
    CLOSE = "close"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Others:
    """Something that other people do: `number` of them join or finish; or a trainer opens a room with the case of this
    number, closes it, or releases its agreed answers.
    """

    deed: Deed
    number: int = 0


Step = ItIsNow | Restarted | GoesWrong | NextReference | Remark | Others


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, toast or row of buttons, shown in every channel, or only in the named one."""

    text: str
    channel: str = ""


Sight = tuple[str, ...]
"""What is shown after an act: a toast in brackets, paragraphs (bold ones between `**`), a line per row of buttons."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An act (or several presses with one card shown at the end), the steps before it, and what is shown after it."""

    steps: tuple[Step, ...]
    acts: tuple[Act, ...]
    seen: tuple[Block, ...]

    def sight(self, channel: str) -> Sight:
        """Return what is shown in this channel."""
        return tuple(block.text for block in self.seen if block.channel in ("", channel))


@dataclass(frozen=True, slots=True)
class Walk:
    """A recorded conversation. `head` has the lines at its beginning by name, such as the expected total."""

    head: dict[str, str]
    at: datetime
    turns: tuple[Turn, ...]

    @property
    def reference(self) -> str:
        """The reference of the first assessment."""
        return self.head["Reference"]

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels besides the browser that can play the walk: Telegram and terminal, unless `head` names one."""
        return (self.head["Channel"],) if "Channel" in self.head else CHANNELS

    @property
    def role(self) -> str:
        """The role with which the person is admitted."""
        return self.head.get("Role", "practitioner")

    @property
    def board(self) -> str:
        """The name of the board whose pack is used, or an empty text for the shipped pack."""
        return self.head.get("Board", "")

    @property
    def takes_notes(self) -> bool:
        """True if the organisation allows typed notes."""
        return self.head.get("Notes") == "on"
