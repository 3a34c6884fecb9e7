"""What is kept of somebody who was admitted, by noun, as a value and as text; and what their account allows at a moment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
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
class Admission:
    """As what and until when somebody is let in; `name` is what the invitation called them.

    A person who `is_vouched` for came in by what their organisation's sign-in says of them, and stays by it. `told_end` counts the
    notices that were given of a near end, and `is_end_said` that the last of them stands above the card until they act.
    """

    role: Role
    until: datetime
    name: str = field(default="", repr=False)
    told_end: int = 0
    is_end_said: bool = False
    is_vouched: bool = False

    def extended(self, now: datetime, *, terms: Terms) -> "Admission":
        """Renew it from now on; no notice of the new end was given yet."""
        return replace(self, until=now + terms.renewal, told_end=0, is_end_said=False)


@dataclass(frozen=True, slots=True)
class Pin:
    """The hash of a PIN, and the wrong ones.

    `pending` is the hash of a new one that is to be tapped again. `tries` are wrong PINs since the right one, the first of them at
    `wrong_since`; `missed` are those of before it, which the owner is told of until they act; `wrong` are all with this PIN.
    A chat that `opens_by_sign_in` has none.
    """

    hash: str = field(default="", repr=False)
    pending: str = field(default="", repr=False)
    tries: int = 0
    wrong: int = 0
    wrong_since: datetime | None = None
    missed: int = 0
    missed_since: datetime | None = None
    opens_by_sign_in: bool = False

    def wronged(self, now: datetime) -> "Pin":
        """Count one more wrong PIN, in the chat or at the machine."""
        return replace(self, tries=self.tries + 1, wrong_since=self.wrong_since or now, wrong=self.wrong + 1)

    def barred(self) -> "Pin":
        """Count as many wrong PINs as bar the chat."""
        return replace(self, tries=MOST_TRIES)

    def forgiven(self) -> "Pin":
        """Count no wrong PIN any more; the owner of the chat is to be told of them."""
        since = self.missed_since or self.wrong_since
        return replace(self, tries=0, wrong_since=None, missed=self.missed + self.tries, missed_since=since)

    def asked_again(self, pending: str) -> "Pin":
        """Keep the hash of a new PIN until it is tapped again; empty where it was tapped otherwise."""
        return replace(self, pending=pending)

    def chosen(self) -> "Pin":
        """Take the new PIN."""
        return replace(self, hash=self.pending, pending="", wrong=0)

    def opened_by_sign_in(self) -> "Pin":
        """Have no PIN, since the organisation's sign-in opens the chat."""
        return replace(self, opens_by_sign_in=True, hash="", pending="")


@dataclass(frozen=True, slots=True)
class ChatDoor:
    """Whether the chat is open: when the notice was agreed to, when the owner last acted while it was open, and when the PIN last
    opened it. `over` is what lies over a closed chat; a chat that `is_hidden` shows nothing at all.
    """

    noticed: datetime | None = None
    seen: datetime | None = None
    opened: datetime | None = None
    is_locked: bool = False
    is_hidden: bool = False
    over: Overlay | None = None

    def agreed(self, now: datetime) -> "ChatDoor":
        """Note that the notice was agreed to."""
        return replace(self, noticed=now)

    def shut(self) -> "ChatDoor":
        """Lock it, with nothing over its card."""
        return replace(self, is_locked=True, over=None)

    def under(self, over: Overlay | None) -> "ChatDoor":
        """Lay this over the card of the closed chat."""
        return self if self.over == over else replace(self, over=over)

    def emptied(self) -> "ChatDoor":
        """Show nothing at all."""
        return self if self.is_hidden else replace(self, is_hidden=True)

    def shown(self) -> "ChatDoor":
        """Show a card."""
        return replace(self, is_hidden=False) if self.is_hidden else self


@dataclass(frozen=True, slots=True)
class CaseTerm:
    """What ends the kept case: when a result was first shown, whether the owner was warned of the end, and the reference of a
    case that is `held` and must not be erased.
    """

    finished: datetime | None = None
    is_warned: bool = False
    held: str = ""


@dataclass(frozen=True, slots=True)
class CallReminder:
    """The call of the case with this `reference` that is `due`: when its owner is to be reminded `next`, and whether they were,
    which is shown until they act.
    """

    reference: str = ""
    due: datetime | None = None
    next: datetime | None = None
    is_said: bool = False

    def seen(self) -> "CallReminder":
        """Note that the owner saw what was said of it; after the last reminder nothing is left."""
        return NO_CALL if self.next is None else replace(self, is_said=False)


@dataclass(frozen=True, slots=True)
class Notices:
    """What stands above the card once: the key of a sentence (`news`), which is said in a new message where the bot has not said it
    yet (`is_news_due`); the references whose review is due, with commas; and that something of what was sent before `left` lies in
    the chat and could not be removed. `ending` is how many admissions are near their end, as an administrator was last told.
    """

    news: str = ""
    is_news_due: bool = False
    reviews: str = ""
    left: datetime | None = None
    ending: int = 0

    def read(self) -> "Notices":
        """Take away what was read; news that is due was on no card yet."""
        news = self.news if self.is_news_due else ""
        return replace(self, news=news, reviews="", left=None) if self != NO_NOTICES else self

    def with_review(self, reference: str) -> "Notices":
        """Say that the review of this reference is due."""
        due = dict.fromkeys((*filter(None, self.reviews.split(", ")), reference))
        return replace(self, reviews=", ".join(due))


NO_CALL, NO_NOTICES = CallReminder(), Notices()


@dataclass(frozen=True, slots=True)
class Account:
    """What is kept of somebody who was admitted. The audit knows them by a random id; `people_card` is the card of people that
    lies over an administrator's chat, as text.
    """

    audit_id: str
    admission: Admission
    pin: Pin = Pin()
    door: ChatDoor = ChatDoor()
    term: CaseTerm = CaseTerm()
    call: CallReminder = NO_CALL
    notices: Notices = NO_NOTICES
    people_card: str = field(default="", repr=False)

    @property
    def held(self) -> str:
        """The reference of a case that must not be erased; empty where there is none."""
        return self.term.held

    def locked(self, phase: str) -> "Account":
        """Lock the chat, in this phase of its case. A chat that was left empty stays empty."""
        is_empty = self.door.is_hidden or phase == Phase.ERASED
        return replace(self, door=replace(self.door.shut(), is_hidden=is_empty), people_card="")

    def opened(self, now: datetime) -> "Account":
        """Open the chat, as after the right PIN; the owner is told of wrong ones before it."""
        door = replace(self.door, is_locked=False, seen=now, opened=now, over=None)
        return replace(self, pin=self.pin.forgiven(), door=door)

    def come(self) -> "Account":
        """Note that the owner is there: what stood above their card was seen, and what they could not see is seen now."""
        if self.door.is_hidden:
            return replace(self, door=self.door.shown())
        seen = replace(self, call=self.call.seen(), notices=self.notices.read())
        if seen.door.is_locked:
            return seen
        admission = replace(seen.admission, is_end_said=False) if seen.admission.is_end_said else seen.admission
        pin = replace(seen.pin, missed=0, missed_since=None) if seen.pin.missed or seen.pin.missed_since else seen.pin
        return replace(seen, admission=admission, pin=pin)

    def used(self, now: datetime) -> "Account":
        """Note an act in the open chat."""
        return replace(self, door=replace(self.door, seen=now))

    def shown(self) -> "Account":
        """Show a card in the chat."""
        return replace(self, door=self.door.shown())

    def extended(self, now: datetime, *, terms: Terms) -> "Account":
        """Renew the admission and nothing else: wrong PINs count on, and what stands open stays open."""
        return replace(self, admission=self.admission.extended(now, terms=terms))

    def renewed(self, now: datetime, *, terms: Terms, has_new_pin: bool) -> "Account":
        """Renew it as an administrator does: wrong PINs are forgiven, and a PIN that was lost is chosen again."""
        pin = replace(self.pin.forgiven(), pending="")
        after = replace(self.extended(now, terms=terms), pin=replace(pin, hash="") if has_new_pin else pin)
        return replace(after, door=replace(after.door, is_locked=True))

    def given(self, role: Role, *, phase: str) -> "Account":
        """Give another role. The chat locks, so that nothing stands open that the new role may not see (ADR 0057)."""
        admission, notices = replace(self.admission, role=role), replace(self.notices, ending=0)
        return replace(self.locked(phase), admission=admission, notices=notices)

    def with_held(self, reference: str) -> "Account":
        """Hold the case of this reference; none where it is empty."""
        return replace(self, term=replace(self.term, held=reference))

    def with_news(self, news: str) -> "Account":
        """Have the running bot say something in a new message, also in an empty chat."""
        return replace(self, notices=replace(self.notices, news=news, is_news_due=True), door=self.door.shown())

    def without_case(self) -> "Account":
        """Forget what belongs to the case that was erased, and show nothing."""
        door = replace(self.door, is_hidden=True, over=None)
        return replace(self, door=door, term=CaseTerm(held=self.held), call=NO_CALL)


@dataclass(frozen=True, slots=True)
class Removed:
    """What is left of somebody whose access was taken away: that it was, and the random id of the audit. It stays.

    By that id (`was`, empty where an earlier release removed them) the entries about them can still be told from those of
    others. `held` is the reference of a case that had to be kept for the police or a court. Whoever `was_admin` shows, where no
    administrator is left, that there once was one.
    """

    held: str = ""
    was: str = ""
    was_admin: bool = False

    def with_held(self, reference: str) -> "Removed":
        """Hold the case of this reference; none where it is empty."""
        return replace(self, held=reference)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An account that a newer release wrote. Nothing is shown or erased before that release runs again; whether something
    is `held` cannot be read.
    """

    held: str = ""


AnyAccount = Account | Removed | Unreadable
"""All that a text of an account can be."""


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
    "finished": "term.finished",
    "is_warned": "term.is_warned",
    "held": "term.held",
    "news": "notices.news",
    "reviews": "notices.reviews",
    "opened": "door.opened",
    "call_of": "call.reference",
    "call_due": "call.due",
    "call_next": "call.next",
    "is_call_said": "call.is_said",
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
}
"""Each name in the text, which is flat, and where its value is kept; in the order of the text, which stays as it is."""

MOMENTS = (
    *("until", "noticed", "seen", "finished", "opened", "call_due", "call_next"),
    *("wrong_since", "missed_since", "left"),
)
"""The names of times."""

NOUNS: Mapping[str, type[Any]] = {
    "admission": Admission,
    "pin": Pin,
    "door": ChatDoor,
    "term": CaseTerm,
    "call": CallReminder,
    "notices": Notices,
}
"""The nouns of an account."""


def _default(path: str) -> object:
    """The default of a column, which needs not be written; `MISSING` where it is always written."""
    noun, _, name = path.rpartition(".")
    return next(each.default for each in fields(NOUNS.get(noun, Account)) if each.name == name)


WRITTEN = {
    Account: tuple([(name, _default(path)) for name, path in COLUMNS.items()]),
    Removed: tuple([(each.name, each.default) for each in fields(Removed)]),
}
"""The names in each text, in order, and what needs not be written."""

VALUES = {
    Account: attrgetter(*COLUMNS.values()),
    Removed: attrgetter(*[name for name, _ in WRITTEN[Removed]]),
}
"""All their values at once, since every tap writes an account."""


def state_of(account: Account, now: datetime, *, terms: Terms) -> AccountState:
    """Return what may be shown to this person now."""
    admission, pin, door = account.admission, account.pin, account.door
    # The order decides: a person who may not come in at all is not asked for a PIN, and five wrong ones come before the
    # choice of a new one, so that nobody gets round them by it.
    if now >= admission.until:
        return AccountState.LAPSED
    if pin.tries >= MOST_TRIES:
        return AccountState.BARRED
    if door.noticed is None or now >= door.noticed + terms.notice:
        return AccountState.NOTICE
    if not pin.hash and not pin.opens_by_sign_in:
        return AccountState.NEW_PIN
    if door.is_locked or is_idle(door, now, terms=terms):
        return AccountState.LOCKED
    return AccountState.OPEN if may(admission.role, "start") else AccountState.NO_CASES


def is_idle(door: ChatDoor, now: datetime, *, terms: Terms) -> bool:
    """Return True if nothing was done for so long that the chat locks. A clock that was set back locks it too."""
    # Both ends: else a clock that was set back by a day would keep an idle chat open for a day.
    return door.seen is None or not -BACKWARDS <= now - door.seen < terms.lock


def written(account: Account | Removed) -> str:
    """Return the account as one line of JSON."""
    # Without what is at its default, so that a field that comes with a later release reads as its default here.
    kind = type(account)
    kept = {
        name: value if type(value) in PLAIN else _plain(value)
        for (name, default), value in zip(WRITTEN[kind], VALUES[kind](account), strict=True)
        if value is not default and value != default
    }
    text = AS_TEXT.encode(kept)
    if "over" not in kept:  # of an overlay the text leaves out what lies under it
        ACCOUNTS.know(text, account)
    return text


def read_account(text: str) -> AnyAccount | None:
    """Return the account in a text; None for somebody who was never admitted."""
    return ACCOUNTS.of(text) if text else None


def _read(text: str) -> AnyAccount:
    try:
        raw = json.loads(text)
        return account_of(_values(raw)) if "who" in raw else Removed(**raw)
    except (KeyError, TypeError, ValueError):
        return Unreadable()


ACCOUNTS = ReadTexts(_read)


def account_of(values: Mapping[str, Any]) -> Account:
    """Return the account with these values, by their names in the text; `KeyError` for a name that is not known."""
    parts: dict[str, dict[str, Any]] = {"": {}, **{noun: {} for noun in NOUNS}}
    for name, value in values.items():
        noun, _, kept = COLUMNS[name].rpartition(".")
        parts[noun][kept] = value
    own = parts.pop("")
    return Account(**own, **{noun: NOUNS[noun](**parts[noun]) for noun in NOUNS})


def _values(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a text, with its times, its role and what lies over a closed chat as what they are."""
    times = {name: from_micros(raw[name]) for name in MOMENTS if name in raw}
    over = Overlay(Kind(raw["over"][0]), raw["over"][1]) if "over" in raw else None
    return {**raw, "role": Role(raw["role"]), **times, "over": over}


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
