"""The log of an action card: which line a person tapped, when, and with what outcome. A tap proves no action."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from seraf.advice.action_plan import CardLine


@dataclass(frozen=True, slots=True)
class Logged:
    """A tap on a line of the action card. `at` is the local time (ISO 8601 with offset), `what` a key of `WHAT`.

    `to` is the id of the contact shown when it was tapped. It is empty for a line without a call, and in older logs.
    """

    line: str
    at: str
    what: str
    to: str = ""

    @property
    def time(self) -> datetime:
        """The time of the tap (aware, local)."""
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True, slots=True)
class TapMeaning:
    """The effect of a tap: whether it closes the line, and which taps (keys of `WHAT`) are offered next."""

    closes: bool = False
    asks: tuple[str, ...] = ()


REFERRED = "referral"
"""The tap that says social care accepted the referral."""

AGREED = "agreed"
"""The tap that says that social care agreed to end a line that has no deadline."""

WORSE = "worse"
"""An entry made without a tap when danger is reported after the line was closed. It opens the line again."""

NOT_SETTLED = "advised"
"""An entry made without a tap if a call led only to advice but the answers need a referral. The line stays open."""

OF_999 = ("taken", "no-answer", "agency")
"""The possible outcomes of a call to 999."""

OF_POLICE = ("taken", "no-answer", "advice", "ring-back", "refused")
"""The possible outcomes of a call to 101. Unlike social care, the police promise no decision within a day."""

RINGS_BACK: Mapping[str, timedelta] = {
    "back-15": timedelta(minutes=15),
    "back-30": timedelta(minutes=30),
    "back-60": timedelta(minutes=60),
}
"""For each tap that says that the other side will call back, how soon they promised to call."""

WHAT: Mapping[str, TapMeaning] = {
    "done": TapMeaning(closes=True),
    AGREED: TapMeaning(closes=True),
    "called": TapMeaning(asks=("referral", "advice", "no-answer", "ring-back", "refused", "strategy", "agency")),
    "cannot": TapMeaning(),
    "no-answer": TapMeaning(),
    "refused": TapMeaning(),
    "ring-back": TapMeaning(asks=tuple(RINGS_BACK)),
    **{word: TapMeaning() for word in RINGS_BACK},
    "advice": TapMeaning(asks=("fear", "settled")),
    "fear": TapMeaning(),
    "settled": TapMeaning(closes=True),
    "advised": TapMeaning(),
    REFERRED: TapMeaning(closes=True),
    "strategy": TapMeaning(closes=True),
    "agency": TapMeaning(asks=("agency-told", "agency-unsure")),
    "agency-told": TapMeaning(closes=True),
    "agency-unsure": TapMeaning(),
    "taken": TapMeaning(closes=True),
    WORSE: TapMeaning(),
}
"""The effect of every tap. A call closes its line only once its outcome is known."""

AGAIN = ("no-answer", "cannot", "agency-unsure", "fear", "refused", NOT_SETTLED, *RINGS_BACK)
"""The outcomes after which the call should be tried again soon."""

AGAIN_WITHIN, HEAR_WITHIN = timedelta(minutes=10), timedelta(hours=24)
"""The delay before another try (our choice), and the time for social care to decide (“Social care role …”)."""

FAR = timedelta(hours=1)
"""A deadline on another day that is more than this away postpones the next try until that deadline (our choice)."""

REMIND, UNDO = "remind", "undo"
"""The taps that are not logged: one asks for a reminder, the other undoes the last tap."""

FIRST = ("called", "cannot")
"""The first taps offered on a line with a call. A line without a call can only be marked as done."""

FIRST_ON_A_PAGE = ("called", "no-answer", "cannot")
"""The first taps where there is room for one more, which saves a tap when nobody answers."""

OUTCOMES = frozenset(("cannot", *WHAT["called"].asks, *OF_999, *OF_POLICE))
"""Every outcome of a call. Answers to further questions about an outcome are not included."""


def of_line(log: tuple[Logged, ...], line: CardLine) -> tuple[Logged, ...]:
    """Return the taps on a line, oldest first."""
    return tuple(tap for tap in log if tap.line == line)


def last_of(log: tuple[Logged, ...], line: CardLine) -> Logged | None:
    """Return the last tap on a line, or None."""
    for tap in reversed(log):  # a loop, since a turn asks this of every line
        if tap.line == line:
            return tap
    return None


def is_closed(log: tuple[Logged, ...], line: CardLine) -> bool:
    """Return True if the last tap on a line closed it."""
    # Only the last tap decides, so that danger reported after a line was closed (`WORSE`) opens it again.
    last = last_of(log, line)
    return last is not None and WHAT[last.what].closes


def asks_of(what: str, line: CardLine) -> tuple[str, ...]:
    """Return the taps that are offered on a line after the tap `what`."""
    if what != "called":
        return WHAT[what].asks
    return OF_999 if line is CardLine.EMERGENCY else OF_POLICE if line is CardLine.POLICE else WHAT[what].asks


def again_at(tap: Logged, due: datetime | None = None) -> datetime:
    """Return when to try a call again: at the promised call back, after ten minutes, or at a distant deadline."""
    if tap.what in RINGS_BACK:
        # A promise to ring back never moves the deadline.
        back = tap.time + RINGS_BACK[tap.what]
        return back if due is None or due <= tap.time else min(back, due)
    waits = due is not None and due.date() != tap.time.date() and due - tap.time > FAR
    return due if due is not None and waits else tap.time + AGAIN_WITHIN


def hear_at(tap: Logged) -> datetime:
    """Return the time by which social care should have decided on a referral that this tap logged."""
    return tap.time + HEAR_WITHIN


def remind_at(tap: Logged, due: datetime | None = None) -> datetime | None:
    """Return when to send a reminder after this tap, or None if none is useful. `due` is the line's deadline."""
    if tap.line == CardLine.EMERGENCY:
        return None
    if tap.what in AGAIN:
        return again_at(tap, due)
    return hear_at(tap) if tap.what == "referral" else None


def logged(log: tuple[Logged, ...], line: CardLine, *, what: str, at: datetime, to: str = "") -> tuple[Logged, ...]:
    """Return the log with this tap. The outcome of a call gets the contact of that call; any other tap gets `to`."""
    last = last_of(log, line)
    contact = last.to if last and what in asks_of(last.what, line) else to
    return (*log, Logged(str(line), at.replace(second=0, microsecond=0).isoformat(), what, contact))


def taken_back(log: tuple[Logged, ...], line: CardLine) -> tuple[Logged, ...]:
    """Return the log without the last tap on this line."""
    last = last_of(log, line)
    # By identity: times are whole minutes, so an earlier tap may equal the one to undo.
    return tuple(tap for tap in log if tap is not last)
