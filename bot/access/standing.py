"""What is kept of a person's standing, as a value and as text; and what their standing is at a moment, as a pure function."""

import json
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from bot.runtime.clock import from_micros, to_micros
from dialogs.core.acts import Kind, Overlay
from dialogs.core.codec import ReadTexts
from dialogs.core.role import Role
from dialogs.core.session import altering
from dialogs.locked import Standing
from dialogs.turn.roles import may

MOST_TRIES = 5
"""Wrong PINs after which an administrator has to renew."""

BACKWARDS = timedelta(minutes=1)
"""How far a clock may be set back without locking everybody."""


AS_TEXT = json.JSONEncoder(separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things last."""

    lock: timedelta = timedelta(minutes=10)
    renewal: timedelta = timedelta(days=90)
    notice: timedelta = timedelta(days=90)
    unfinished: timedelta = timedelta(days=7)
    finished: timedelta = timedelta(days=30)
    warning: timedelta = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Access:
    """The standing of somebody who was admitted.

    `who` is the random id that the audit has of them; `name` is what the invitation called them. `pin` is a hash, and
    `pending` that of a new one that is to be tapped again. `seen` is their last act while the chat was open,
    `finished` when a result was first shown. `held` is a reference that must not be erased. `news` is the key of a
    sentence that is said once, in a new message where the bot has not said it yet (`is_news_due`), `reviews` the references
    whose review is due, with commas, said once too. `opened` is when their PIN last opened the chat.
    A call of the case `call_of` (a reference) is due at `call_due`; they are to be
    reminded of it next at `call_next`, and whether they were (`is_call_said`) is shown until they act. `tries` are wrong
    PINs since the right one, the first of them at `wrong_since`; `missed` are those of before it, which its owner is told of
    until they act, and `wrong` all with this PIN. Of what was sent before `left` something lies in the chat that could not
    be removed, which they are told until they act. `told_end` counts the notices that were given that `until` is near, and
    `is_end_said` that the last is shown until they act; `ending` is how many people's admissions are near their end, as an
    administrator was last told. `desk` is the card of people that lies over an administrator's chat, as text.
    A person who `is_vouched` for came in by what their organisation's sign-in says of them, and stays by it; a chat that
    `opens_by_sign_in` has no PIN.
    """

    who: str
    role: Role
    until: datetime
    name: str = field(default="", repr=False)
    noticed: datetime | None = None
    pin: str = field(default="", repr=False)
    pending: str = field(default="", repr=False)
    tries: int = 0
    seen: datetime | None = None
    is_locked: bool = False
    is_hidden: bool = False
    over: Overlay | None = None
    finished: datetime | None = None
    is_warned: bool = False
    held: str = ""
    news: str = ""
    reviews: str = ""
    opened: datetime | None = None
    call_of: str = ""
    call_due: datetime | None = None
    call_next: datetime | None = None
    is_call_said: bool = False
    wrong_since: datetime | None = None
    missed: int = 0
    missed_since: datetime | None = None
    left: datetime | None = None
    wrong: int = 0
    told_end: int = 0
    is_end_said: bool = False
    ending: int = 0
    desk: str = field(default="", repr=False)
    is_vouched: bool = False
    opens_by_sign_in: bool = False
    is_news_due: bool = False


MOMENTS = (
    *("until", "noticed", "seen", "finished", "opened", "call_due", "call_next"),
    *("wrong_since", "missed_since", "left"),
)
"""The fields of a standing that are times."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What is left of somebody whose access was taken away: that it was, and the random id of the audit. It stays.

    By that id (`was`, empty where an earlier release removed them) the entries about them can still be told from those of
    others. `held` is the reference of a case that had to be kept for the police or a court. Whoever `was_admin` shows, where no
    administrator is left, that there once was one; so does one of whom that could not be read.
    """

    held: str = ""
    was: str = ""
    was_admin: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A standing that a newer release wrote. Nothing is shown or erased before that release runs again; whether something
    is `held` cannot be read.
    """

    held: str = ""


Standings = Access | Removed | Unreadable
"""All that a text of a standing can be."""


DEFAULTS = {kind: tuple([(each.name, each.default) for each in fields(kind)]) for kind in (Access, Removed)}
"""The fields of each, in order, and what needs not be written."""

_altered = altering(Access)

VALUES = {kind: attrgetter(*[name for name, _ in DEFAULTS[kind]]) for kind in DEFAULTS}
"""All of them at once, since every tap writes a standing."""


def standing_of(access: Access, now: datetime, *, terms: Terms) -> Standing:
    """What may be shown to this person now."""
    # The order decides: a person who may not come in at all is not asked for a PIN, and five wrong ones come before the
    # choice of a new one, so that nobody gets round them by it.
    if now >= access.until:
        return Standing.LAPSED
    if access.tries >= MOST_TRIES:
        return Standing.BARRED
    if access.noticed is None or now >= access.noticed + terms.notice:
        return Standing.NOTICE
    if not access.pin and not access.opens_by_sign_in:
        return Standing.NEW_PIN
    if access.is_locked or is_idle(access, now, terms=terms):
        return Standing.LOCKED
    return Standing.OPEN if may(access.role, "start") else Standing.NO_CASES


def changed(access: Access, **to: Any) -> Access:
    """The standing with these fields so: itself where they were so before, since most taps change none of them."""
    return access if all(getattr(access, name) == value for name, value in to.items()) else _altered(access, to)


def wronged(access: Access, now: datetime) -> Access:
    """The standing after one more wrong PIN, in the chat or at the machine."""
    since = access.wrong_since or now
    return replace(access, tries=access.tries + 1, wrong_since=since, wrong=access.wrong + 1)


def forgiven(access: Access) -> Access:
    """The standing once the wrong PINs no longer count, and are to be told to the owner of the chat."""
    since = access.missed_since or access.wrong_since
    return replace(access, tries=0, wrong_since=None, missed=access.missed + access.tries, missed_since=since)


def is_idle(access: Access, now: datetime, *, terms: Terms) -> bool:
    """Whether nothing was done for so long that the chat locks. A clock that was set back locks it too."""
    # Both ends: else a clock that was set back by a day would keep an idle chat open for a day.
    return access.seen is None or not -BACKWARDS <= now - access.seen < terms.lock


def written(access: Access | Removed) -> str:
    """The standing as one line of JSON."""
    # Without what is at its default, so that a field that comes with a later release reads as its default here.
    kind = type(access)
    kept = {
        name: value if type(value) in PLAIN else _plain(value)
        for (name, default), value in zip(DEFAULTS[kind], VALUES[kind](access), strict=True)
        if value is not default and value != default
    }
    text = AS_TEXT.encode(kept)
    if "over" not in kept:  # of an overlay the text leaves out what lies under it
        STANDINGS.know(text, access)
    return text


def read_access(text: str) -> Standings | None:
    """The standing in a text; None for somebody who was never admitted."""
    return STANDINGS.of(text) if text else None


def _read(text: str) -> Standings:
    try:
        return _standing(json.loads(text))
    except (KeyError, TypeError, ValueError):
        return Unreadable()


STANDINGS = ReadTexts(_read)


def _standing(raw: dict[str, Any]) -> Access | Removed:
    if "who" not in raw:
        return Removed(**raw)
    times: dict[str, Any] = {name: from_micros(raw[name]) for name in MOMENTS if name in raw}
    over = Overlay(Kind(raw["over"][0]), raw["over"][1]) if "over" in raw else None
    values: dict[str, Any] = {**raw, "role": Role(raw["role"]), **times, "over": over}
    return Access(**values)


PLAIN = frozenset((str, int, bool, Role))
"""What is written as it is."""


def _plain(value: object) -> object:
    match value:
        case datetime():
            return to_micros(value)
        case Overlay():
            return [value.kind, value.about]
        case _:
            return value
