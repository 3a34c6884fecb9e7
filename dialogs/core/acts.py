"""Acts (what a button does), overlays (cards that lie over another card), and the short code that a button carries.

A code from a channel is never trusted. It names an act, which is done only if the card that is shown now offers it.
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
    STOP = "enough"  # the name in stored sessions, kept so that an earlier release can read them
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
"""Overlays that say how to act or wait for a decision. They are shown again when an overlay opened from them closes."""

WHOM_TO_CALL = frozenset({Kind.URGENT, Kind.CALL, Kind.CALLING, Kind.CONTACTS})  # overlays that say whom to call


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay and its subject (`about`): an item, a section, a term, a line, a page or a position in the guide.

    `about` is empty if the kind needs no subject. `under` is the overlay of a kind in `RESHOWN` that this one was
    opened from, if any; it is shown again when this one closes.
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
    """Return `overlay` laid over the current one, which stays under it only if its kind is in `RESHOWN`."""
    if current is None:
        return overlay
    return replace(overlay, under=current if current.kind in RESHOWN else current.under)


@dataclass(frozen=True, slots=True)
class Say:
    """The act that answers the question or item of the card."""

    answer: str


@dataclass(frozen=True, slots=True)
class Tick:
    """The act that sets one item on a card of ticks to an option, or clears it. A repeat has no further effect."""

    item: str
    option: str | None


@dataclass(frozen=True, slots=True)
class Rest:
    """The act that gives this option to every item on the card that is not ticked, and goes on."""

    option: str


@dataclass(frozen=True, slots=True)
class Go:
    """The act that fires a trigger of the assessment."""

    trigger: Trigger


@dataclass(frozen=True, slots=True)
class Page:
    """The act that turns to a page, counted from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Change:
    """The act that goes from the check page to the place of one response, to change it."""

    place: str


@dataclass(frozen=True, slots=True)
class Open:
    """The act that lays an overlay over the card."""

    overlay: Overlay


@dataclass(frozen=True, slots=True)
class Close:
    """The act that closes the overlay."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The act that copies a text of the card (at most 256 characters) to the clipboard without telling the bot."""

    text: str


@dataclass(frozen=True, slots=True)
class Noting:
    """The act that decides about a drafted or stored note: `keep` it, write it `again`, or `remove` it."""

    deed: str


@dataclass(frozen=True, slots=True)
class Remind:
    """The act that asks for a reminder: in “4” or “8” weeks, before the review is due (“0”), or on a day (ISO 8601)."""

    when: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """The act that asks for a document of this kind, which is sent into the chat as a file."""

    kind: str


@dataclass(frozen=True, slots=True)
class Log:
    """The act that logs what was done at a line of the action card: a key of `action_log.WHAT`, or `undo`."""

    line: str
    what: str


@dataclass(frozen=True, slots=True)
class Rehearse:
    """The act that fires a trigger of a rehearsal. `about` is a page, a made-up case, a mode, a contact or a file."""

    turn: Turn
    about: str = ""


class PeopleDeed(StrEnum):
    """An action on the cards of access management: it opens a card, or changes somebody's access, which is audited."""

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
    """The act that manages access. `about` is a person's id, a role, a number of people, or a list and its page."""

    deed: PeopleDeed
    about: str = ""


Act = (
    Say | Tick | Rest | Go | Page | Change | Open | Close | Copy | Noting | Remind | Fetch | Log | Rehearse | Administer
)
"""The acts of the buttons of a conversation."""


@dataclass(frozen=True, slots=True)
class Digit:
    """The act that enters one digit of a PIN. `place` is the number of digits entered when the keypad was drawn."""

    place: int
    digit: int


@dataclass(frozen=True, slots=True)
class Clear:
    """The act that clears the digits entered so far."""


@dataclass(frozen=True, slots=True)
class Agree:
    """The act that accepts the notice."""


GateAct = Digit | Clear | Agree  # the acts of the buttons of a locked chat


def code_of(act: Act | GateAct) -> str:
    """Return the act's code: at most 40 bytes, and different for different acts on one card."""
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
    """Return the act of a code (a `Copy` without its text), or None if the code names no act."""
    tag, colon, value = code.partition(":")
    first, _, second = value.partition("=" if tag in ("t", "l") else ":")
    try:
        return _read(tag, value, first, second) if colon else BARE.get(code)
    except ValueError:  # not a member of the enumeration, or not a number
        return None


BARE: Mapping[str, Act | GateAct] = {"x": Close(), "w": Copy(""), "k": Clear(), "y": Agree()}


def _read(tag: str, value: str, first: str, second: str) -> Act | GateAct | None:
    """Return the act with this tag, from the whole value after the tag or from the two halves of the value."""
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
