"""What a walk is made of: what the person does, what happens meanwhile, and what they are shown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tests.fakes.telegram import FaultKind
from tests.support.places import TESTS

FOLDER = TESTS / "walks"
"""Where the walks are."""

TERMINAL = "terminal"
TELEGRAM = "telegram"
WEB = "web"
CHANNELS = (TELEGRAM, TERMINAL)

EMPTY = "— the chat is empty —"
"""What stands in a walk where nothing is left in the chat."""


@dataclass(frozen=True, slots=True)
class Press:
    """The person presses the button of this label, perhaps several times in a row (each time on the next card)."""

    label: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class PressAgain:
    """The last press arrives once more, as from an impatient thumb or a phone that lost its signal. Telegram only."""


@dataclass(frozen=True, slots=True)
class Type:
    """The person types a line: a command where it begins with a slash."""

    line: str


@dataclass(frozen=True, slots=True)
class Send:
    """The person sends what is not taken: a word of `THINGS`. Telegram only."""

    thing: str


THINGS = {"photo": "media", "voice message": "voice", "forwarded message": "forward"}
"""What may be sent, and the kind that the conversation calls it."""


@dataclass(frozen=True, slots=True)
class Follow:
    """The person does nothing, and looks at the card, which follows what others do. Telegram only."""


Act = Press | PressAgain | Type | Send | Follow


@dataclass(frozen=True, slots=True)
class ItIsNow:
    """Time has passed."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Restarted:
    """The bot is stopped and started again on the same store. A terminal has none, and goes on."""


@dataclass(frozen=True, slots=True)
class GoesWrong:
    """The next call of a method at Telegram goes wrong in this way, such as `cut_after`. A terminal knows no calls."""

    method: str
    kind: FaultKind


@dataclass(frozen=True, slots=True)
class NextReference:
    """The reference that the next assessment will have."""

    words: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A word to whoever reads the walk."""

    words: str


class Deed(StrEnum):
    """What others do who rehearse with the person."""

    JOIN = "join"
    FINISH = "finish"
    OPEN = "open"
    CLOSE = "close"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Others:
    """What others do: so many join, all of them finish, or a trainer opens a room with the case of this number, closes
    it, or opens its key.
    """

    deed: Deed
    number: int = 0


Step = ItIsNow | Restarted | GoesWrong | NextReference | Remark | Others


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, toast or keyboard of what is shown, in every channel or (where one is named) in that one alone."""

    text: str
    channel: str = ""


Sight = tuple[str, ...]
"""All that is shown after an act: a toast in brackets, paragraphs (strong ones between `**`), a line for each row of buttons."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One act (or several presses, of which only the last card is shown), what had happened before, and what is shown after."""

    steps: tuple[Step, ...]
    acts: tuple[Act, ...]
    seen: tuple[Block, ...]

    def sight(self, channel: str) -> Sight:
        """What is shown in one channel."""
        return tuple(block.text for block in self.seen if block.channel in ("", channel))


@dataclass(frozen=True, slots=True)
class Walk:
    """One whole conversation. `head` holds what its first lines say, such as the total that is expected."""

    head: dict[str, str]
    at: datetime
    turns: tuple[Turn, ...]

    @property
    def reference(self) -> str:
        """The reference of its first assessment."""
        return self.head["Reference"]

    @property
    def channels(self) -> tuple[str, ...]:
        """Where it can happen: what several people do together, in Telegram alone."""
        return (self.head["Channel"],) if "Channel" in self.head else CHANNELS

    @property
    def role(self) -> str:
        """What the person was admitted as."""
        return self.head.get("Role", "practitioner")

    @property
    def board(self) -> str:
        """Whose pack it is held by, where that is not the shipped one."""
        return self.head.get("Board", "")

    @property
    def takes_notes(self) -> bool:
        """Whether the organisation takes notes."""
        return self.head.get("Notes") == "on"
