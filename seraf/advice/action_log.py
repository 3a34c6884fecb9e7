"""The log of an action card: which line was tapped, when, and the outcome. A tap is a claim and proves nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from seraf.advice.action_plan import CardLine


@dataclass(frozen=True, slots=True)
class Logged:
    """One tap on a line: `at` is the local time (ISO 8601 with offset), `what` a key of `WHAT`.

    `to` is the id of the contact that the card named then; empty for a line without a call, and in logs of old releases.
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
"""Social care accepted the referral."""

AGREED = "agreed"
"""Social care agreed that a line without a deadline, which applies from now on, may end."""

WORSE = "worse"
"""Recorded without a tap: danger was reported after the line was closed, which opens it again."""

NOT_SETTLED = "advised"
"""Recorded without a tap: advice only, although the answers call for a referral. It does not close the line."""

OF_999 = ("taken", "no-answer", "agency")
"""The possible outcomes of a call to 999."""

OF_POLICE = ("taken", "no-answer", "advice", "ring-back", "refused")
"""The possible outcomes of a call to 101: the police take a report and promise no answer within a day."""

RINGS_BACK: Mapping[str, timedelta] = {
    "back-15": timedelta(minutes=15),
    "back-30": timedelta(minutes=30),
    "back-60": timedelta(minutes=60),
}
"""How soon the other side promised to ring back, by tap."""

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
"""The effect of every tap. A call never closes its line before its outcome is known."""

AGAIN = ("no-answer", "cannot", "agency-unsure", "fear", "refused", NOT_SETTLED, *RINGS_BACK)
"""The outcomes after which to try again soon; after an accepted referral, the next step is to hear back."""

AGAIN_WITHIN, HEAR_WITHIN = timedelta(minutes=10), timedelta(hours=24)
"""The time until the next try (ours); the time that social care has to decide (“Social care role …”)."""

FAR = timedelta(hours=1)
"""A deadline on another day that is further away than this needs no new try every few minutes (ours)."""

REMIND, UNDO = "remind", "undo"
"""Taps that are not logged: ask for a reminder, and undo the last tap."""

FIRST = ("called", "cannot")
"""The first taps offered for a call; any other line is only marked as done."""

OUTCOMES = frozenset(("cannot", *WHAT["called"].asks, *OF_999, *OF_POLICE))
"""Every outcome of a call, before any further question about it."""


def of_line(log: tuple[Logged, ...], line: CardLine) -> tuple[Logged, ...]:
    """Return the taps on a line, oldest first."""
    return tuple(tap for tap in log if tap.line == line)


def last_of(log: tuple[Logged, ...], line: CardLine) -> Logged | None:
    """Return the last tap on a line, if there is one."""
    for tap in reversed(log):  # a loop, since a turn asks this of every line
        if tap.line == line:
            return tap
    return None


def is_closed(log: tuple[Logged, ...], line: CardLine) -> bool:
    """True if nothing is left to do on a line."""
    # Only the last tap decides, so that danger reported after a line was closed (`WORSE`) opens it again.
    last = last_of(log, line)
    return last is not None and WHAT[last.what].closes


def asks_of(what: str, line: CardLine) -> tuple[str, ...]:
    """Return the taps offered after this one."""
    if what != "called":
        return WHAT[what].asks
    return OF_999 if line is CardLine.EMERGENCY else OF_POLICE if line is CardLine.POLICE else WHAT[what].asks


def again_at(tap: Logged, due: datetime | None = None) -> datetime:
    """Return when to try again: soon, or at the deadline if that is on another day."""
    if tap.what in RINGS_BACK:
        # A promise to ring back never moves the deadline.
        back = tap.time + RINGS_BACK[tap.what]
        return back if due is None or due <= tap.time else min(back, due)
    waits = due is not None and due.date() != tap.time.date() and due - tap.time > FAR
    return due if due is not None and waits else tap.time + AGAIN_WITHIN


def hear_at(tap: Logged) -> datetime:
    """Return when social care should have answered."""
    return tap.time + HEAR_WITHIN


def remind_at(tap: Logged, due: datetime | None = None) -> datetime | None:
    """Return when to send a reminder after this tap, or None; `due` is the deadline of the line."""
    if tap.line == CardLine.EMERGENCY:
        return None
    if tap.what in AGAIN:
        return again_at(tap, due)
    return hear_at(tap) if tap.what == "referral" else None


def logged(log: tuple[Logged, ...], line: CardLine, *, what: str, at: datetime, to: str = "") -> tuple[Logged, ...]:
    """Return the log with one more tap. The outcome of a call keeps the contact that was called, any other tap gets
    `to`.
    """
    last = last_of(log, line)
    contact = last.to if last and what in asks_of(last.what, line) else to
    return (*log, Logged(str(line), at.replace(second=0, microsecond=0).isoformat(), what, contact))


def taken_back(log: tuple[Logged, ...], line: CardLine) -> tuple[Logged, ...]:
    """Return the log without the latest tap on a line."""
    last = last_of(log, line)
    # By identity: times are whole minutes, so an earlier tap may equal the one to undo.
    return tuple(tap for tap in log if tap is not last)
