"""Acts (what a button does), overlays (cards that lie over another card), and the short code of each act.

A code from a channel is never trusted. The act that it names is only done if the card that is shown now offers it.
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
    ASK = "ask"


RESHOWN = frozenset({Kind.STOP, Kind.FOLLOW_UP, Kind.ACTION, Kind.OUTCOME, Kind.REASONS, Kind.MIRROR})
"""The overlays that tell the person how to act, or wait for a decision. They return when an overlay opened from them is closed."""

WHOM_TO_CALL = frozenset({Kind.URGENT, Kind.CALL, Kind.CALLING, Kind.CONTACTS})  # overlays that say whom to call


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay and its subject (`about`), such as an item, a term, an action, a page or a position in the guide.

    `about` is empty if the kind needs no subject. `under` is the overlay of a kind in `RESHOWN` that this one was
    opened from, if any; it is shown again when this one closes.
    """

    kind: Kind
    about: str = ""
    under: "Overlay | None" = None


def is_stop_within(overlay: Overlay | None) -> bool:
    """Return True if the overlay is the stop card, or if the stop card is under it."""
    while overlay is not None and overlay.kind is not Kind.STOP:
        overlay = overlay.under
    return overlay is not None


def laid_over(overlay: Overlay, current: Overlay | None) -> Overlay:
    """Return `overlay` with the current overlay under it if that is of a kind in `RESHOWN`, else with the one under the current."""
    if current is None:
        return overlay
    return replace(overlay, under=current if current.kind in RESHOWN else current.under)


@dataclass(frozen=True, slots=True)
class Say:
    """The act that gives this answer to the question or item on the card."""

    answer: str


@dataclass(frozen=True, slots=True)
class Tick:
    """The act that gives one item on a card of ticks this option, or no answer if it is None. Repeating it changes nothing."""

    item: str
    option: str | None


@dataclass(frozen=True, slots=True)
class Rest:
    """The act that gives this option to every item on the card without a tick, and goes on to the next card."""

    option: str


@dataclass(frozen=True, slots=True)
class Given:
    """The act that answers a whole card of ticks: it ticks some of its boxes and gives `rest` to everything else.

    Bit `n` of `ticked` stands for the box with this number on the card, from 0.
    """

    rest: str
    ticked: int


@dataclass(frozen=True, slots=True)
class Go:
    """The act that fires this trigger of the assessment's state machine."""

    trigger: Trigger


@dataclass(frozen=True, slots=True)
class Page:
    """The act that turns to the page with this number. The first page is 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Change:
    """The act that goes from the check page back to the item or question `place`, so that its answer can be changed."""

    place: str


@dataclass(frozen=True, slots=True)
class Open:
    """The act that lays this overlay over the card."""

    overlay: Overlay


@dataclass(frozen=True, slots=True)
class Close:
    """The act that closes the overlay."""


@dataclass(frozen=True, slots=True)
class PutFirst:
    """The act that asks first the items that the answer to a question shows. Without a case it begins one. It answers nothing."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The act that copies a text (at most 256 characters) to the clipboard. The bot is not told of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Noting:
    """The act that decides about a note: `keep` or `again` (write it again) for a draft, `remove` for a stored one."""

    deed: str


@dataclass(frozen=True, slots=True)
class Remind:
    """The act that asks for a reminder: in “4” or “8” weeks, before the review is due (“0”), or on a day (ISO 8601)."""

    when: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """The act that asks for a document of this kind. It is sent into the chat as a file."""

    kind: str


@dataclass(frozen=True, slots=True)
class Log:
    """The act that records what was done about an action: `line` is the kind of action, `what` a name in `action_log.WHAT` or `undo`."""

    line: str
    what: str


@dataclass(frozen=True, slots=True)
class Rehearse:
    """The act that fires this trigger of a rehearsal. `about` is what it concerns: a page, made-up case, mode, contact or file."""

    turn: Turn
    about: str = ""


class PeopleDeed(StrEnum):
    """What a button on the `/people` cards does: it opens a card, or changes somebody's access, which the audit records."""

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
    PLACES = "places"
    PLACE = "place"
    PUT = "put"
    TEAMS = "teams"
    TEAM = "team"
    ON_CALL = "on-call"
    ON_ME = "on-me"
    GOES_ON = "goes-on"
    NOBODY = "nobody"
    CLOSE = "close"


CHANGES_ON_CALL = frozenset({PeopleDeed.ON_ME, PeopleDeed.GOES_ON, PeopleDeed.NOBODY})
OF_TEAMS = frozenset({PeopleDeed.TEAMS, PeopleDeed.TEAM, PeopleDeed.ON_CALL}) | CHANGES_ON_CALL
BY_MANAGERS = OF_TEAMS | {PeopleDeed.PERSON, PeopleDeed.RENEW, PeopleDeed.CLOSE}
"""What somebody can do who manages a team, and does not administer people."""


@dataclass(frozen=True, slots=True)
class Administer:
    """The act of a button on the `/people` and `/team` cards.

    `about` is a person's id, a role, a number of people, a team, or a list and its page.
    """

    deed: PeopleDeed
    about: str = ""


@dataclass(frozen=True, slots=True)
class ToCases:
    """The act that goes to the list of the person's SERAFs. The one on the card stays as it is."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The act that opens the SERAF at this place of the list, from 1. `check` tells whether it is still the one that stood there.

    No reference is in a button.
    """

    place: int
    check: str


class ShareDeed(StrEnum):
    """What a button about sharing a case does. The first group is the holder's, the second that of somebody who is asked."""

    WHOM = "whom"
    ONE = "one"
    BY_CODE = "by-code"
    LOOK = "look"
    HAND = "hand"
    END_CODE = "end-code"
    YES = "yes"
    NO = "no"
    READERS = "readers"
    END = "end"

    REQUEST = "request"
    OPEN = "open"
    TAKE = "take"
    KNOWS = "knows"
    DECLINE = "decline"
    CARD = "card"
    ANSWERS = "answers"
    LOG = "log"
    GAPS = "gaps"
    SEE = "see"
    SAYS = "says"
    LEVEL = "level"
    GROUNDS = "grounds"
    WHY = "why"
    ON = "on"
    WORDS = "words"
    SEND = "send"
    GIVE_BACK = "give-back"
    VIEWS = "views"
    NETWORK = "network"
    MARK = "mark"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Share:
    """The act of a button about sharing a case. `about` is a person's id, a page, a reason, or what somebody says."""

    deed: ShareDeed
    about: str = ""


Act = (
    Say
    | Tick
    | Rest
    | Given
    | Go
    | Page
    | Change
    | Open
    | Close
    | PutFirst
    | Copy
    | Noting
    | Remind
    | Fetch
    | Log
    | Rehearse
    | Administer
    | ToCases
    | OpenCase
    | Share
)
"""Any act of the buttons of an open chat."""


@dataclass(frozen=True, slots=True)
class Digit:
    """The act that enters one digit of a PIN. `place` is how many digits were entered before the keypad was drawn."""

    place: int
    digit: int


@dataclass(frozen=True, slots=True)
class Clear:
    """The act that clears the digits entered so far."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The act that enters a whole PIN. The PIN is not part of the act or its code: it comes with the event, as typed text."""


@dataclass(frozen=True, slots=True)
class Agree:
    """The act that accepts the notice about how the bot treats data."""


GateAct = Digit | Clear | Entered | Agree  # the acts of the buttons of a locked chat


def code_of(act: Act | GateAct) -> str:
    """Return the act's code: at most 40 bytes, and different for each act that one card offers."""
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
        case Given(rest, ticked):
            return f"h:{rest}={ticked:x}"
        case Page(number):
            return f"p:{number}"
        case Change(place):
            return f"c:{place}"
        case Log(line, what):
            return f"l:{line}={what}"
        case PutFirst():
            return "f"
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
        case ToCases():
            return "b"
        case OpenCase(place, check):
            return f"b:{place}:{check}"
        case Share(deed, about):
            return f"v:{deed}:{about}"
        case Digit(place, digit):
            return f"k:{place}:{digit}"
        case Clear():
            return "k"
        case Entered():
            return "e"
        case Agree():
            return "y"
    assert_never(act)


def act_of(code: str) -> Act | GateAct | None:
    """Return the act with this code, or None if there is no such act. The text of a `Copy` is not in its code, so it is empty."""
    tag, colon, value = code.partition(":")
    first, _, second = value.partition("=" if tag in ("t", "l", "h") else ":")
    try:
        return _read(tag, value, first, second) if colon else BARE.get(code)
    except ValueError:  # not a member of the enumeration, or not a number
        return None


BARE: Mapping[str, Act | GateAct] = {
    "b": ToCases(),
    "x": Close(),
    "w": Copy(""),
    "f": PutFirst(),
    "k": Clear(),
    "e": Entered(),
    "y": Agree(),
}


def _read(tag: str, value: str, first: str, second: str) -> Act | GateAct | None:
    """Return the act with this tag. `value` is everything after the tag, `first` and `second` are its two halves."""
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
        case "h":
            return Given(first, int(second, 16))
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
        case "b":
            return OpenCase(int(first), second)
        case "v":
            return Share(ShareDeed(first), second)
        case "k":
            return Digit(int(first), int(second))
        case _:
            return None
