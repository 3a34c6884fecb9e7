"""What a button does, as values."""

from dataclasses import dataclass
from enum import StrEnum

from dialogs.core.overlays import Overlay
from state_machines.assessment import Trigger
from state_machines.rehearsal import Turn


@dataclass(frozen=True, slots=True)
class Say:
    """Answer the question or item of this card."""

    answer: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Set one item of a section card to an option, or to nothing. It carries the wanted state, so a repeat is harmless."""

    item: str
    option: str | None


@dataclass(frozen=True, slots=True)
class Rest:
    """Give every item of the section that is not ticked this option, and go on."""

    option: str


@dataclass(frozen=True, slots=True)
class Go:
    """Fire a trigger of the conversation."""

    trigger: Trigger


@dataclass(frozen=True, slots=True)
class Page:
    """Turn to a page, counted from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Change:
    """Go from the check page to the place of one response."""

    place: str


@dataclass(frozen=True, slots=True)
class Open:
    """Lay an overlay over the card."""

    overlay: Overlay


@dataclass(frozen=True, slots=True)
class Close:
    """Take the overlay away."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Put a text that the card shows (at most 256 characters) where it can be pasted from. The bot is not told of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Noting:
    """Decide about a note: `keep` its words, write it `again`, or `remove` it."""

    deed: str


@dataclass(frozen=True, slots=True)
class Remind:
    """Ask for a reminder: in so many weeks (“4”), before the review is due (“0”), or on a day (ISO 8601)."""

    when: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """Ask for a document of this kind, which comes into the chat as a file."""

    kind: str


@dataclass(frozen=True, slots=True)
class Log:
    """Say what was done at a line of the action card: a word of `action_log.WHAT`, or `undo` for the last one."""

    line: str
    what: str


@dataclass(frozen=True, slots=True)
class Rehearse:
    """Take a turn of a rehearsal; `about` is a page, a made-up case, a mode, whom to call or a document, by the turn."""

    turn: Turn
    about: str = ""


class PeopleDeed(StrEnum):
    """What an administrator can do about people in the chat; each is a card to see, or an act that is audited."""

    HOME = "home"
    LIST = "list"
    PERSON = "person"
    RENEW = "renew"
    ASK_RENEW_ALL = "ask-renew-all"
    RENEW_ALL = "renew-all"
    UNLOCK = "unlock"
    LOCK = "lock"
    ASK_PIN = "ask-pin"
    NEW_PIN = "new-pin"
    ROLES = "roles"
    ROLE = "role"
    ASK_REMOVE = "ask-remove"
    REMOVE = "remove"
    HOW = "how"
    SEVERAL = "several"
    INVITE = "invite"
    OFFERS = "offers"
    OFFER = "offer"
    WITHDRAW = "withdraw"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Administer:
    """Do something about people; `about` is whom by their id, a role, how many, or a list and its page, by the deed."""

    deed: PeopleDeed
    about: str = ""


Act = (
    Say | Tick | Rest | Go | Page | Change | Open | Close | Copy | Noting | Remind | Fetch | Log | Rehearse | Administer
)
"""What a button of a conversation does."""


@dataclass(frozen=True, slots=True)
class Digit:
    """Tap one digit of a PIN; `place` is how many digits the keypad showed as tapped when the key was drawn."""

    place: int
    digit: int


@dataclass(frozen=True, slots=True)
class Clear:
    """Begin the PIN again."""


@dataclass(frozen=True, slots=True)
class Agree:
    """Say that the notice was understood."""


GateAct = Digit | Clear | Agree
"""What a button does while a chat is closed."""
