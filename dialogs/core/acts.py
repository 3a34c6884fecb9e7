"""Acts (what a button does), overlays (what may lie over a card), and the short code that a button carries.

A code from a channel is never trusted: it names an act, and the card that is shown now decides whether that act is
offered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from state_machines.assessment import Trigger
from state_machines.rehearsal import Turn


class Kind(StrEnum):
    """The kind of an overlay."""

    URGENT = "urgent"
    CALL = "call"
    CONTACTS = "contacts"
    WHAT = "what"
    EXPLAIN = "explain"
    TERMS = "terms"
    GUIDE = "guide"
    HELP = "help"
    MORE = "more"
    ERASE = "erase"
    AGAIN = "again"
    FOLLOW_UP = "follow-up"
    STOP = "enough"  # the stored word, which an earlier release may have to read
    RAISE = "raise"
    FIND = "find"
    CALLING = "calling"
    TO_RECORD = "to-record"
    CODE = "code"
    REVIEW = "review"
    EARLIER = "earlier"
    NOTES = "notes"
    NOTE = "note"
    MIRROR = "mirror"
    REMIND = "remind"
    SUMMARY = "summary"
    WORDS = "words"
    ACTION = "action"
    OUTCOME = "outcome"
    NEWS = "news"
    CHANGED = "changed"
    REASONS = "reasons"


RESHOWN = frozenset({Kind.STOP, Kind.FOLLOW_UP, Kind.ACTION, Kind.OUTCOME, Kind.REASONS, Kind.MIRROR})
"""Overlays that say how to act, or that wait for a decision: shown again after anything that was opened from them."""

WHOM_TO_CALL = frozenset({Kind.URGENT, Kind.CALL, Kind.CALLING, Kind.CONTACTS})  # overlays that say whom to call


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay and its subject: an item, a section, a term, a line, a page or a place in the guide.

    `about` is empty if the kind needs no subject. `under` is the reshown overlay that this one was opened from, if any;
    it is shown again when this one closes.
    """

    kind: Kind
    about: str = ""
    under: "Overlay | None" = None


def is_stop_within(overlay: Overlay | None) -> bool:
    """Return True if the overlay is the stop card, or lies over it."""
    while overlay is not None and overlay.kind is not Kind.STOP:
        overlay = overlay.under
    return overlay is not None


def laid_over(overlay: Overlay, current: Overlay | None) -> Overlay:
    """Return the overlay laid over the current one. The current one stays under it if its kind is in `RESHOWN`."""
    if current is None:
        return overlay
    return replace(overlay, under=current if current.kind in RESHOWN else current.under)


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
    """Give this option to every item of the section that is not ticked, and go on."""

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
    """Copy a text that the card shows (at most 256 characters) to the clipboard. The bot does not learn of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Noting:
    """Decide about a note: `keep` its words, write it `again`, or `remove` it."""

    deed: str


@dataclass(frozen=True, slots=True)
class Remind:
    """Ask for a reminder: in a number of weeks (“4”), before the review is due (“0”), or on a day (ISO 8601)."""

    when: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """Ask for a document of this kind, which is sent into the chat as a file."""

    kind: str


@dataclass(frozen=True, slots=True)
class Log:
    """Record what was done at a line of the action card: a key of `action_log.WHAT`, or `undo` for the latest entry."""

    line: str
    what: str


@dataclass(frozen=True, slots=True)
class Rehearse:
    """Take a turn of a rehearsal. `about` depends on the turn: a page, a made-up case, a mode, a contact or a document."""

    turn: Turn
    about: str = ""


class PeopleDeed(StrEnum):
    """What an administrator can do about people in the chat: open a card, or change somebody's access (audited)."""

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
    """Do something about people. `about` depends on the deed: a person's id, a role, a number, or a list and its page."""

    deed: PeopleDeed
    about: str = ""


Act = (
    Say | Tick | Rest | Go | Page | Change | Open | Close | Copy | Noting | Remind | Fetch | Log | Rehearse | Administer
)
"""What a button of a conversation does."""


@dataclass(frozen=True, slots=True)
class Digit:
    """Tap one digit of a PIN. `place` is the number of digits that the keypad showed as tapped when the key was drawn."""

    place: int
    digit: int


@dataclass(frozen=True, slots=True)
class Clear:
    """Begin the PIN again."""


@dataclass(frozen=True, slots=True)
class Agree:
    """Say that the notice was understood."""


GateAct = Digit | Clear | Agree  # what a button of a locked chat does


def code_of(act: Act | GateAct) -> str:
    """Return the act's code: at most 40 bytes, and different for different acts of one card."""
    match act:
        case Say(answer):
            return f"s:{answer}"
        case Open(overlay):
            return f"o:{overlay.kind}:{overlay.about}"
        case Go(trigger):
            return f"g:{trigger}"
        case Tick(item, option):
            return f"t:{item}={option or ''}"
        case Close():
            return "x"
        case Rest(option):
            return f"r:{option}"
        case Page(number):
            return f"p:{number}"
        case Change(place):
            return f"c:{place}"
        case Log(line, what):
            return f"l:{line}={what}"
        case Copy():
            return "w"
        case Noting(deed):
            return f"n:{deed}"
        case Remind(when):
            return f"m:{when}"
        case Fetch(kind):
            return f"d:{kind}"
        case Rehearse(turn, about):
            return f"z:{turn}:{about}"
        case Administer(deed, about):
            return f"a:{deed}:{about}"
        case Digit(place, digit):
            return f"k:{place}:{digit}"
        case Clear():
            return "k"
        case Agree():
            return "y"
    assert_never(act)


def act_of(code: str) -> Act | GateAct | None:
    """Return the act that a code means (a `Copy` without its text), or None if the code means nothing."""
    tag, colon, value = code.partition(":")
    first, _, second = value.partition("=" if tag in ("t", "l") else ":")
    try:
        return _read(tag, value, first, second) if colon else BARE.get(code)
    except ValueError:  # a word that its enumeration does not have, or no number
        return None


BARE: Mapping[str, Act | GateAct] = {"x": Close(), "w": Copy(""), "k": Clear(), "y": Agree()}


def _read(tag: str, value: str, first: str, second: str) -> Act | GateAct | None:
    """Return the act of this tag with the whole value after it, or with the two halves of the value."""
    match tag:
        case "s":
            return Say(value)
        case "o":
            return Open(Overlay(Kind(first), second))
        case "g":
            return Go(Trigger(value))
        case "t":
            return Tick(first, second or None)
        case "r":
            return Rest(value)
        case "p":
            return Page(int(value))
        case "c":
            return Change(value)
        case "l":
            return Log(first, second)
        case "n":
            return Noting(value)
        case "m":
            return Remind(value)
        case "d":
            return Fetch(value)
        case "z":
            return Rehearse(Turn(first), second)
        case "a":
            return Administer(PeopleDeed(first), second)
        case "k":
            return Digit(int(first), int(second))
        case _:
            return None
