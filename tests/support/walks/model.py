"""The parts of a walk: what the person does, what happens meanwhile, and what they see."""

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
    """The last press arrives again, as from an impatient thumb or a lost connection. Telegram only."""


@dataclass(frozen=True, slots=True)
class Type:
    """The person types a line: a command if it begins with a slash."""

    line: str


@dataclass(frozen=True, slots=True)
class Send:
    """The person sends refused content: a word of `THINGS`. Telegram only."""

    thing: str


THINGS = {"photo": "media", "voice message": "voice", "forwarded message": "forward"}
"""What may be sent, and the kind that the conversation calls it."""


@dataclass(frozen=True, slots=True)
class Follow:
    """The person only looks at the card, which follows what others do. Telegram only."""


Act = Press | PressAgain | Type | Send | Follow


@dataclass(frozen=True, slots=True)
class ItIsNow:
    at: datetime


@dataclass(frozen=True, slots=True)
class Restarted:
    """The bot restarts on the same store. A terminal, which has none, continues."""


@dataclass(frozen=True, slots=True)
class GoesWrong:
    """The next call of a method at Telegram fails in this way, such as `cut_after`. A terminal makes no calls."""

    method: str
    kind: FaultKind


@dataclass(frozen=True, slots=True)
class NextReference:
    words: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark for the reader of the walk."""

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
    """What others do: so many join, all of them finish, or a trainer opens a room with the case of this number, closes
    it, or opens its key.
    """

    deed: Deed
    number: int = 0


Step = ItIsNow | Restarted | GoesWrong | NextReference | Remark | Others


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, toast or keyboard, in every channel or in the named one."""

    text: str
    channel: str = ""


Sight = tuple[str, ...]
"""All that is shown after an act: a toast in brackets, paragraphs (strong ones between `**`), a line for each row of buttons."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One act (or several presses, of which only the last card is shown), the steps before it, and the view after it."""

    steps: tuple[Step, ...]
    acts: tuple[Act, ...]
    seen: tuple[Block, ...]

    def sight(self, channel: str) -> Sight:
        """Return the view in one channel."""
        return tuple(block.text for block in self.seen if block.channel in ("", channel))


@dataclass(frozen=True, slots=True)
class Walk:
    """One whole conversation. `head` holds its first lines, such as the expected total."""

    head: dict[str, str]
    at: datetime
    turns: tuple[Turn, ...]

    @property
    def reference(self) -> str:
        """The reference of its first assessment."""
        return self.head["Reference"]

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that can play it: only Telegram for what several people do together."""
        return (self.head["Channel"],) if "Channel" in self.head else CHANNELS

    @property
    def role(self) -> str:
        """The person's role."""
        return self.head.get("Role", "practitioner")

    @property
    def board(self) -> str:
        """The board of its pack, if not the shipped one."""
        return self.head.get("Board", "")

    @property
    def takes_notes(self) -> bool:
        """True if the organisation takes notes."""
        return self.head.get("Notes") == "on"
