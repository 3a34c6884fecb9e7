"""What was done of the action card: who was called, when, and what came of it. It is told by taps, and proves nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from seraf.advice.action_plan import CardLine


@dataclass(frozen=True, slots=True)
class Logged:
    """One tap at a line: `at` is the local time (ISO 8601, with its offset), `what` a word of `WHAT`.

    `to` is the id of whom the card said to ring at that time; empty where it was no call, or an older release did not say.
    """

    line: str
    at: str
    what: str
    to: str = ""

    @property
    def time(self) -> datetime:
        """When it was tapped (aware, local)."""
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True, slots=True)
class TapMeaning:
    """What a tap says of a line: whether the line is closed by it, and what may be said next, by the same words."""

    closes: bool = False
    asks: tuple[str, ...] = ()


REFERRED = "referral"
"""Of a call: that social care took the referral."""

AGREED = "agreed"
"""Of a line that holds from now on: that social care agreed, which ends it."""

WORSE = "worse"
"""No tap: danger was said after the line was closed, which opens it again."""

NOT_SETTLED = "advised"
"""No tap: advice alone, where what was answered calls for a referral. It does not close the line."""

OF_999 = ("taken", "no-answer", "agency")
"""What may come of a call to 999."""

OF_POLICE = ("taken", "no-answer", "advice", "ring-back", "refused")
"""What may come of a call to 101: the police take a report, and promise nobody an answer within a day."""

RINGS_BACK: Mapping[str, timedelta] = {
    "back-15": timedelta(minutes=15),
    "back-30": timedelta(minutes=30),
    "back-60": timedelta(minutes=60),
}
"""How soon they said that they would ring back, by what was tapped."""

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
"""What may be tapped at a line. No call is closed before it is said what came of it."""

AGAIN = ("no-answer", "cannot", "agency-unsure", "fear", "refused", NOT_SETTLED, *RINGS_BACK)
"""After these it is tried again soon; after a referral that was taken one waits to hear of it."""

AGAIN_WITHIN, HEAR_WITHIN = timedelta(minutes=10), timedelta(hours=24)
"""How soon it is tried again (ours); within how long social care decides (“Social care role …”)."""

FAR = timedelta(hours=1)
"""How long at least until something of another day is due, that need not be tried again every few minutes (ours)."""

REMIND, UNDO = "remind", "undo"
"""Taps that are not kept: to be reminded, and that the last one was made by mistake."""

FIRST = ("called", "cannot")
"""What may be said of a call first; of what is no call, that it is done."""

OUTCOMES = frozenset(("cannot", *WHAT["called"].asks, *OF_999, *OF_POLICE))
"""What somebody says came of a call, before anything further is asked about it."""


def of_line(log: tuple[Logged, ...], line: CardLine) -> tuple[Logged, ...]:
    """What was tapped at a line, in order."""
    return tuple(each for each in log if each.line == line)


def last_of(log: tuple[Logged, ...], line: CardLine) -> Logged | None:
    """What was tapped at a line last."""
    for each in reversed(log):  # a loop, since a turn asks this of every line
        if each.line == line:
            return each
    return None


def is_closed(log: tuple[Logged, ...], line: CardLine) -> bool:
    """Whether nothing is left to do at a line."""
    # The last tap alone decides, so that danger said after a line was closed (`WORSE`) opens it again.
    last = last_of(log, line)
    return last is not None and WHAT[last.what].closes


def asks_of(what: str, line: CardLine) -> tuple[str, ...]:
    """What may be said next at a line."""
    if what != "called":
        return WHAT[what].asks
    return OF_999 if line is CardLine.EMERGENCY else OF_POLICE if line is CardLine.POLICE else WHAT[what].asks


def again_at(said: Logged, due: datetime | None = None) -> datetime:
    """When to try again: soon, and where it is not due before another day comes, when it is."""
    if said.what in RINGS_BACK:
        # Whoever promises to ring back moves no deadline.
        back = said.time + RINGS_BACK[said.what]
        return back if due is None or due <= said.time else min(back, due)
    waits = due is not None and due.date() != said.time.date() and due - said.time > FAR
    return due if due is not None and waits else said.time + AGAIN_WITHIN


def hear_at(said: Logged) -> datetime:
    """By when one should have heard."""
    return said.time + HEAR_WITHIN


def remind_at(said: Logged, due: datetime | None = None) -> datetime | None:
    """When a reminder is of use after this, if it is; `due` is by when the line is due."""
    if said.line == CardLine.EMERGENCY:
        return None
    if said.what in AGAIN:
        return again_at(said, due)
    return hear_at(said) if said.what == "referral" else None


def logged(log: tuple[Logged, ...], line: CardLine, *, what: str, at: datetime, to: str = "") -> tuple[Logged, ...]:
    """The log with one tap more. What is said of a call that was made is said of whom was rung then."""
    last = last_of(log, line)
    whom = last.to if last and what in asks_of(last.what, line) else to
    return (*log, Logged(str(line), at.replace(second=0, microsecond=0).isoformat(), what, whom))


def taken_back(log: tuple[Logged, ...], line: CardLine) -> tuple[Logged, ...]:
    """The log without the last tap at a line: it was made by mistake."""
    last = last_of(log, line)
    # By identity: times are whole minutes, so an earlier tap may be equal to the one that was a mistake.
    return tuple(each for each in log if each is not last)
