"""The account of an admitted person as a value and as stored text, and its state at a given time."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from bot.runtime.clock import from_micros, to_micros
from dialogs.core.acts import Kind, Overlay
from dialogs.core.codec import ReadTexts
from dialogs.core.role import Role
from dialogs.locked import AccountState
from dialogs.turn.roles import may
from state_machines.assessment import Phase

MOST_TRIES = 5  # wrong PINs after which an administrator has to unlock the chat
BACKWARDS = timedelta(minutes=1)  # the time by which a clock may be set back without locking every chat


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things last: an idle chat until it locks, an admission, an agreement, a case, and the warning before a case is erased."""

    lock: timedelta = timedelta(minutes=10)
    renewal: timedelta = timedelta(days=90)
    notice: timedelta = timedelta(days=90)
    unfinished: timedelta = timedelta(days=7)
    finished: timedelta = timedelta(days=30)
    warning: timedelta = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Admission:
    """The role of an admitted person, the end of the admission, and the name in the invitation.

    `is_vouched` is True if the organisation's sign-in admitted the person. `told_end` counts the notices that were given
    about the coming end; `is_end_said` is True while the latest of them is shown above the card, until the person acts.
    """

    role: Role
    until: datetime
    name: str = field(default="", repr=False)
    told_end: int = 0
    is_end_said: bool = False
    is_vouched: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """The hash of a PIN, and counts of wrong PINs.

    `pending` is the hash of a new PIN that has to be entered again. `tries` counts the wrong PINs since the last
    right one, the first of them at `wrong_since`. `missed` counts earlier wrong PINs, which the owner is shown
    until they act. `wrong` counts all since this PIN was chosen. A chat that `opens_by_sign_in` has no PIN.
    `taps` are the first digits of a PIN that is being entered, with their card (see `Keypads`), and never all six.
    """

    hash: str = field(default="", repr=False)
    pending: str = field(default="", repr=False)
    tries: int = 0
    wrong: int = 0
    wrong_since: datetime | None = None
    missed: int = 0
    missed_since: datetime | None = None
    opens_by_sign_in: bool = False
    taps: str = field(default="", repr=False)

    def wronged(self, now: datetime) -> "Pin":
        """Return a copy in which one more wrong PIN is counted."""
        return replace(self, tries=self.tries + 1, wrong_since=self.wrong_since or now, wrong=self.wrong + 1)

    def barred(self) -> "Pin":
        """Return a copy with `MOST_TRIES` wrong PINs, so that an administrator has to unlock the chat."""
        return replace(self, tries=MOST_TRIES)

    def forgiven(self) -> "Pin":
        """Return a copy in which `tries` is 0. Its wrong PINs are added to `missed`, which the owner is shown."""
        since = self.missed_since or self.wrong_since
        return replace(self, tries=0, wrong_since=None, missed=self.missed + self.tries, missed_since=since)


@dataclass(frozen=True, slots=True)
class ChatDoor:
    """The state of a chat's lock: when the owner agreed to the notice, last acted and last opened the chat; and the overlay."""

    noticed: datetime | None = None
    seen: datetime | None = None
    opened: datetime | None = None
    is_locked: bool = False
    is_hidden: bool = False
    over: Overlay | None = None

    def shut(self) -> "ChatDoor":
        """Return a copy in which the chat is locked, without an overlay."""
        return replace(self, is_locked=True, over=None)

    def under(self, over: Overlay | None) -> "ChatDoor":
        """Return a copy in which the lock screen shows this overlay, or none if it is None."""
        return self if self.over == over else replace(self, over=over)

    def emptied(self) -> "ChatDoor":
        """Return a copy in which the card is hidden."""
        return self if self.is_hidden else replace(self, is_hidden=True)

    def shown(self) -> "ChatDoor":
        """Return a copy in which the card is shown."""
        return replace(self, is_hidden=False) if self.is_hidden else self


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices above the card. `news` is the key of a sentence, which has to be sent in a new message while
    `is_news_due`; `about` are the references that it names, if any. `reviews` are the references whose review is due, joined
    by commas; `left` is the time before which messages could not be removed; `ending` is the number of admissions near their
    end that an administrator was last shown.
    """

    news: str = ""
    is_news_due: bool = False
    reviews: str = ""
    left: datetime | None = None
    ending: int = 0
    about: str = ""


NO_NOTICES = Notices()


@dataclass(frozen=True, slots=True)
class Account:
    """The account of an admitted person. `audit_id` is their id in the audit; `people_card` is the `/people` card that they have open.

    `sharing` is the card about a shared case that lies over theirs, and `asked` when they last asked colleagues.

    `knows_several` is True once they were told that they can have several cases.
    """

    audit_id: str
    admission: Admission
    pin: Pin = Pin()
    door: ChatDoor = ChatDoor()
    notices: Notices = NO_NOTICES
    people_card: str = field(default="", repr=False)
    sharing: str = field(default="", repr=False)
    asked: str = ""
    knows_several: bool = False

    def locked(self, phase: str) -> "Account":
        """Return a copy with a locked chat. A hidden card stays hidden, and a card of the phase `ERASED` becomes hidden."""
        is_empty = self.door.is_hidden or phase == Phase.ERASED
        return replace(self, door=replace(self.door.shut(), is_hidden=is_empty), people_card="")

    def opened(self, now: datetime) -> "Account":
        """Return a copy with an open chat, as after the right PIN. The next card says how many wrong PINs were entered."""
        door = replace(self.door, is_locked=False, seen=now, opened=now, over=None)
        return replace(self, pin=self.pin.forgiven(), door=door)

    def come(self) -> "Account":
        """Return the account after its owner did anything: a hidden card is shown again, or the notices above the card count as seen."""
        if self.door.is_hidden:
            return replace(self, door=self.door.shown())
        notices = self.notices
        if notices != NO_NOTICES:  # news that is still due was on no card
            news = notices.news if notices.is_news_due else ""
            notices = replace(notices, news=news, about=notices.about if news else "", reviews="", left=None)
        seen = replace(self, notices=notices)
        if seen.door.is_locked:
            return seen
        admission = replace(seen.admission, is_end_said=False) if seen.admission.is_end_said else seen.admission
        pin = replace(seen.pin, missed=0, missed_since=None) if seen.pin.missed or seen.pin.missed_since else seen.pin
        return replace(seen, admission=admission, pin=pin)

    def tapped(self, taps: str) -> "Account":
        """Return a copy with these taps on the keypad of its card."""
        return self if self.pin.taps == taps else replace(self, pin=replace(self.pin, taps=taps))

    def used(self, now: datetime) -> "Account":
        """Return the account after its owner did something in the open chat at this time."""
        return replace(self, door=replace(self.door, seen=now))

    def shown(self) -> "Account":
        """Return a copy in which the card is shown."""
        return replace(self, door=self.door.shown())

    def extended(self, now: datetime, *, terms: Terms) -> "Account":
        """Return a copy in which the admission is renewed and nothing else: wrong PINs still count, and an open chat stays open."""
        admission = replace(self.admission, until=now + terms.renewal, told_end=0, is_end_said=False)
        return replace(self, admission=admission)

    def renewed(self, now: datetime, *, terms: Terms, has_new_pin: bool) -> "Account":
        """Return a copy that an administrator renewed: wrong PINs forgiven, chat locked, and with `has_new_pin` no PIN yet."""
        pin = replace(self.pin.forgiven(), pending="")
        after = replace(self.extended(now, terms=terms), pin=replace(pin, hash="") if has_new_pin else pin)
        return replace(after, door=replace(after.door, is_locked=True))

    def given(self, role: Role, *, phase: str) -> "Account":
        """Return a copy with another role and a locked chat, since the new role may be barred from what is on screen (ADR 0057)."""
        admission, notices = replace(self.admission, role=role), replace(self.notices, ending=0)
        return replace(self.locked(phase), admission=admission, notices=notices)

    def with_news(self, news: str) -> "Account":
        """Return a copy with news that the bot has to send in a new message, even if the card is hidden."""
        notices = replace(self.notices, news=news, about="", is_news_due=True)
        return replace(self, notices=notices, door=self.door.shown())

    def emptied(self) -> "Account":
        """Return a copy in which the card is hidden, since the case on it was erased."""
        return replace(self, door=replace(self.door, is_hidden=True, over=None))


@dataclass(frozen=True, slots=True)
class Removed:
    """The account of a person who was removed. It is kept, so that they cannot be admitted again.

    `was` is their random id in the audit, or empty if a release without this field removed them. `was_admin` proves that there
    once was an administrator.
    """

    was: str = ""
    was_admin: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An account that a newer release wrote. Nothing of it is shown and nothing is erased until that release runs again."""


AnyAccount = Account | Removed | Unreadable  # everything that `read_account` can return for a stored text

COLUMNS: Mapping[str, str] = {
    "who": "audit_id",
    "role": "admission.role",
    "until": "admission.until",
    "name": "admission.name",
    "noticed": "door.noticed",
    "pin": "pin.hash",
    "pending": "pin.pending",
    "tries": "pin.tries",
    "seen": "door.seen",
    "is_locked": "door.is_locked",
    "is_hidden": "door.is_hidden",
    "over": "door.over",
    "news": "notices.news",
    "reviews": "notices.reviews",
    "opened": "door.opened",
    "wrong_since": "pin.wrong_since",
    "missed": "pin.missed",
    "missed_since": "pin.missed_since",
    "left": "notices.left",
    "wrong": "pin.wrong",
    "told_end": "admission.told_end",
    "is_end_said": "admission.is_end_said",
    "ending": "notices.ending",
    "desk": "people_card",
    "is_vouched": "admission.is_vouched",
    "opens_by_sign_in": "pin.opens_by_sign_in",
    "is_news_due": "notices.is_news_due",
    "taps": "pin.taps",
    "sharing": "sharing",
    "asked": "asked",
    "about": "notices.about",
    "several": "knows_several",
}
"""The names in the stored JSON of an account, in their order, each with the attribute that it stores."""

MOMENTS = ("until", "noticed", "seen", "opened", "wrong_since", "missed_since", "left")
OF_THE_CASE = ("finished", "is_warned", "held", "call_of", "call_due", "call_next", "is_call_said")
"""The names that earlier releases stored of the one case. They are in its head now, and are left out at the next write."""

NOUNS: Mapping[str, type[Any]] = {
    **{"admission": Admission, "pin": Pin, "door": ChatDoor},
    "notices": Notices,
}


def _default(path: str) -> object:
    """Return the default of the attribute at this path, or `MISSING` if it has none. `written` omits values that equal their default."""
    noun, _, name = path.rpartition(".")
    return next(item.default for item in fields(NOUNS.get(noun, Account)) if item.name == name)


DEFAULTS = {name: _default(path) for name, path in COLUMNS.items()}
VALUES = attrgetter(*COLUMNS.values())  # all at once, since every tap writes an account


def state_of(account: Account, now: datetime, *, terms: Terms) -> AccountState:
    """Return the account's state at `now`, which decides what its chat may show."""
    admission, pin, door = account.admission, account.pin, account.door
    # The order matters: a person without an admission is not asked for a PIN, and five wrong PINs come before the choice of a
    # new one, so that nobody evades them by it.
    if now >= admission.until:
        return AccountState.LAPSED
    if pin.tries >= MOST_TRIES:
        return AccountState.BARRED
    if door.noticed is None or now >= door.noticed + terms.notice:
        return AccountState.NOTICE
    if not pin.hash and not pin.opens_by_sign_in:
        return AccountState.NEW_PIN
    # Nobody acted for so long that the chat locks. A clock that was set back locks it too: else a clock set back by a day
    # would keep an idle chat open for a day.
    if door.is_locked or door.seen is None or not -BACKWARDS <= now - door.seen < terms.lock:
        return AccountState.LOCKED
    return AccountState.OPEN if may(admission.role, "start") else AccountState.NO_CASES


def written(account: Account | Removed) -> str:
    """Return the account as one line of JSON, without the values that equal their default."""
    # Defaults are left out, so that a field of a later release reads as its default.
    if isinstance(account, Removed):
        defaults, values = asdict(Removed()), asdict(account)
    else:
        defaults, values = DEFAULTS, dict(zip(COLUMNS, VALUES(account), strict=True))
    values = {name: value for name, value in values.items() if value != defaults[name]}
    text = AS_TEXT.encode(values)
    if "over" not in values:  # the text of an overlay is not complete
        ACCOUNTS.know(text, account)
    return text


def read_account(text: str) -> AnyAccount | None:
    """Return the account in a stored text, or None for an empty text, which is that of a person who was never admitted."""
    return ACCOUNTS.of(text) if text else None


def _read(text: str) -> AnyAccount:
    try:
        raw = {name: value for name, value in json.loads(text).items() if name not in OF_THE_CASE}
        if "who" not in raw:
            return Removed(**raw)
        times = {name: from_micros(raw[name]) for name in MOMENTS if name in raw}
        over = Overlay(Kind(raw["over"][0]), raw["over"][1]) if "over" in raw else None
        return account_of({**raw, "role": Role(raw["role"]), **times, "over": over})
    except (AttributeError, KeyError, TypeError, ValueError):
        return Unreadable()


ACCOUNTS = ReadTexts(_read)


def account_of(values: Mapping[str, Any]) -> Account:
    """Return the account with these values, given by their names in `COLUMNS`. Raise `KeyError` for an unknown name."""
    parts: dict[str, dict[str, Any]] = {"": {}, **{noun: {} for noun in NOUNS}}
    for name, value in values.items():
        noun, _, attribute = COLUMNS[name].rpartition(".")
        parts[noun][attribute] = value
    own = parts.pop("")
    return Account(**own, **{noun: NOUNS[noun](**parts[noun]) for noun in NOUNS})


def _plain(value: Any) -> object:
    return to_micros(value) if isinstance(value, datetime) else [value.kind, value.about]


# Times are written in microseconds, and an overlay as its two parts.
AS_TEXT = json.JSONEncoder(separators=(",", ":"), default=_plain)
