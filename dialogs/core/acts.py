"""What a button does, what may lie over a card, and the short code that a button carries.

A code that comes in is never trusted: it says which act is meant, and the card that is shown says whether that is offered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, get_args

from state_machines.assessment import Trigger
from state_machines.rehearsal import Turn


class Kind(StrEnum):
    """What an overlay is."""

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
    STOP = "enough"  # as it is stored: a release before may have to read it
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
"""What tells somebody how to act, or has to be decided, and is shown again after anything that was opened from it."""

WHOM_TO_CALL = frozenset({Kind.URGENT, Kind.CALL, Kind.CALLING, Kind.CONTACTS})
"""What says whom to call, and nothing else."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay and what it is about: an item, a section, a term, a line, a page or a place in the guide.

    `about` is empty where that goes without saying. `under` is the kept overlay that it was opened from, if any, which
    is shown again when it closes.
    """

    kind: Kind
    about: str = ""
    under: "Overlay | None" = None


def is_stop_within(overlay: Overlay | None) -> bool:
    """Return whether an overlay is the stop card, or lies over it."""
    while overlay is not None and overlay.kind is not Kind.STOP:
        overlay = overlay.under
    return overlay is not None


def laid_over(overlay: Overlay, current: Overlay | None) -> Overlay:
    """The overlay, laid over the current one, which stays under it if it is of a kept kind."""
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


def code_of(act: Act | GateAct) -> str:
    """The act's code: at most 40 bytes, different for different acts of one card."""
    return WRITTEN[type(act)](act)


def act_of(code: str) -> Act | GateAct | None:
    """The act that a code means, of a copy without its text; None where it means none."""
    bare = BARE.get(code)
    if bare is not None:
        return bare
    tag, _, rest = code.partition(":")
    try:
        return READ[tag](rest)
    except (KeyError, ValueError):  # no such tag, or a word that its enumeration does not have
        return None


def _pair(text: str, mark: str) -> tuple[str, str]:
    before, _, after = text.partition(mark)
    return before, after


def _tick(rest: str) -> Tick:
    item, option = _pair(rest, "=")
    return Tick(item, option or None)


def _open(rest: str) -> Open:
    kind, about = _pair(rest, ":")
    return Open(Overlay(Kind(kind), about))


def _digit(rest: str) -> Digit:
    place, digit = _pair(rest, ":")
    return Digit(int(place), int(digit))


def _rehearse(rest: str) -> Rehearse:
    turn, about = _pair(rest, ":")
    return Rehearse(Turn(turn), about)


def _administer(rest: str) -> Administer:
    deed, about = _pair(rest, ":")
    return Administer(PeopleDeed(deed), about)


BARE: Mapping[str, Act | GateAct] = {"x": Close(), "w": Copy(""), "k": Clear(), "y": Agree()}
"""Codes that say all by themselves."""

READ: Mapping[str, Callable[[str], Act | GateAct]] = {
    "s": Say,
    "t": _tick,
    "r": Rest,
    "g": lambda rest: Go(Trigger(rest)),
    "p": lambda rest: Page(int(rest)),
    "c": Change,
    "o": _open,
    "n": Noting,
    "m": Remind,
    "d": Fetch,
    "l": lambda rest: Log(*_pair(rest, "=")),
    "z": _rehearse,
    "a": _administer,
    "k": _digit,
}
"""How what stands after the tag of a code is read."""


def _always(code: str) -> Callable[[Any], str]:
    return lambda _: code


WRITTEN: Mapping[type, Callable[[Any], str]] = {
    Say: lambda act: f"s:{act.answer}",
    Tick: lambda act: f"t:{act.item}={act.option or ''}",
    Rest: lambda act: f"r:{act.option}",
    Go: lambda act: f"g:{act.trigger}",
    Page: lambda act: f"p:{act.number}",
    Change: lambda act: f"c:{act.place}",
    Open: lambda act: f"o:{act.overlay.kind}:{act.overlay.about}",
    Noting: lambda act: f"n:{act.deed}",
    Remind: lambda act: f"m:{act.when}",
    Fetch: lambda act: f"d:{act.kind}",
    Log: lambda act: f"l:{act.line}={act.what}",
    Rehearse: lambda act: f"z:{act.turn}:{act.about}",
    Administer: lambda act: f"a:{act.deed}:{act.about}",
    Digit: lambda act: f"k:{act.place}:{act.digit}",
    **{type(act): _always(code) for code, act in BARE.items()},
}
"""How an act of each kind is written. By a table, since a card has a dozen buttons, and to try one kind after the other is dear."""

assert set(WRITTEN) == {*get_args(Act), *get_args(GateAct)}, "an act without a code"
