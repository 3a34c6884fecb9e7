"""The lines of the action card: for each addressee, what to do, by when, and what to say.

No clock and no telephone numbers are used here. Both are added when a line is displayed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

from seraf.advice.contacts import SATURDAY, Hours, LocalTime, months_after
from seraf.form.circumstances import Basis, Condition, Facts, any_holds, applying


class Urgency(IntEnum):
    """How soon a person has to act. The least urgent comes first."""

    PLAN = 1  # plan, and review
    TODAY = 2  # talk about it today
    MANAGER = 3  # talk to a manager now; if in doubt, or if none is reached within the hour, call
    CALL = 4  # call now, day or night
    EMERGENCY = 5  # 999

    @property
    def word(self) -> str:
        """The name of the urgency in the files of a pack, in lower case."""
        return self.name.lower()


WORDS = tuple(urgency.word for urgency in Urgency)
"""The names of the urgencies in the files of a pack, least urgent first."""


def urgency_of(word: str) -> Urgency:
    """Return the urgency with this name in a pack. Raise `KeyError` if there is none."""
    return Urgency[word.upper()]


END_OF_DAY = time(17)
"""The local time at which a deadline in working days or months ends."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The time allowed for a line of the action card, in the board's local time.

    `minutes` count from now, and 0 means at once. With `at_close` the deadline is closing time, but at least `minutes`
    from now. Outside office hours `minutes` apply, unless `opens` is given: the deadline is then that time on the next
    working day, or today if the office has not opened yet. Until the time of day `before` (home time), the deadline is
    `before` at the latest. Non-zero `working_days` or `months` count from today instead. With `from_now` there is no
    deadline: the line applies from when it is shown until it is closed.
    """

    id: str
    minutes: int = 0
    at_close: bool = False
    opens: time | None = None
    working_days: int = 0
    months: int = 0
    from_now: bool = False
    before: time | None = None

    @property
    def is_at_once(self) -> bool:
        """True if the line is due immediately. Such a line comes before all others."""
        waits = self.minutes or self.at_close or self.opens or self.working_days or self.months
        return not waits and not self.from_now

    def due(self, now: LocalTime, hours: Iterable[Hours]) -> datetime:
        """Return the deadline of a line that is shown at `now`, as an aware local time in whole minutes."""
        at = now.minute
        if self.months:
            return _on(months_after(now.today, self.months), END_OF_DAY, like=at)
        if self.working_days:
            return _on(now.working_day(self.working_days), END_OF_DAY, like=at)
        closes = closing_time(now, hours) if self.at_close or self.opens else None
        if self.opens and (not closes or not self.at_close):
            opens_today = now.at.weekday() < SATURDAY and not now.is_bank_holiday and now.at.time() < self.opens
            return _on(now.today if opens_today else now.working_day(1), self.opens, like=at)
        # Through UTC: Python adds to a local time by the wall clock, which is an hour out in the nights when that changes.
        soon = (now.moment + timedelta(minutes=self.minutes)).astimezone(at.tzinfo) if self.minutes else at
        if self.before and at.time() < self.before:
            soon = min(soon, _on(now.today, self.before, like=at))
        return max(soon, _on(now.today, closes, like=at)) if self.at_close and closes else soon


def closing_time(now: LocalTime, hours: Iterable[Hours]) -> time | None:
    """Return today's closing time if the office is open at `now`, otherwise None."""
    for opening in hours:
        if opening.holds(now):
            return opening.closes
    return None


def _on(day: date, at: time, *, like: datetime) -> datetime:
    return datetime.combine(day, at, like.tzinfo)


class CardLine(StrEnum):
    """A kind of line of the action card, often its addressee. Without room, later kinds except calls are dropped."""

    EMERGENCY = "emergency"  # 999, or an immediate act of one's own
    CARE = "care"  # social care: allocated team, ART, Emergency Duty Team, social care of another area
    PARENTS = "parents"  # parents and carers, while they must not be told yet
    MANAGER = "manager"  # manager or safeguarding lead
    POLICE = "police"  # the police, other than 999
    CHILD = "child"  # the child or young adult
    NEXT = "next"  # whom to tell when offices open again; without room, its text goes to social care's line
    PLAN = "plan"  # early help
    RECORD = "record"  # what to write down
    REVIEW = "review"  # the next review


LINES = tuple(CardLine)

PLACES = {line: place for place, line in enumerate(LINES)}
"""The rank of each kind of line. It also decides between lines with the same deadline."""

CALLS = (CardLine.EMERGENCY, CardLine.CARE, CardLine.POLICE, CardLine.MANAGER)
"""The lines that contact somebody who can act today. They are never dropped from the card."""

WHOM = "{whom}"
"""The placeholder in a title for the name of the addressee."""

HOURS = "hours"
"""The name of the fact that says whether social care's office is open or closed."""

HOME = "home"
"""The fact about home time: `leaving` before the child goes home, `home` when the child may be at home."""


def first_lines(urgency: Urgency, *, is_adult: bool) -> tuple[CardLine, ...]:
    """Return the lines at the top of the card, in order, whatever their deadlines.

    A young adult is asked before anybody else is told. Unless a call is due now, the manager or safeguarding lead comes
    before social care (“Responding to the SERAF”).
    """
    if is_adult:
        return (CardLine.EMERGENCY, CardLine.CHILD, CardLine.CARE)
    is_talk = urgency < Urgency.CALL
    return (CardLine.EMERGENCY, *((CardLine.MANAGER,) if is_talk else ()), CardLine.CARE)


@dataclass(frozen=True, slots=True)
class HomeTime:
    """The local time at which children go home, and the conditions of cases in which it affects deadlines."""

    at: time
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Hour:
    """The time of day as far as conditions use it: is social care's office open, and have children gone home?"""

    is_open: bool
    is_after_home_time: bool = False


MOST = 5
"""The maximum number of lines on a card. If there are more calls than this, all of them are shown."""


@dataclass(frozen=True, slots=True)
class ActionWording:
    """The texts of a line.

    `title` is a sentence of at most 60 characters, with `{whom}` for the addressee; `short` is its button label.
    `folded` is added to the line of social care or the manager if this line does not fit on the card. `referred` is the
    title once social care has accepted a referral. If it is empty, the title stays the same.
    """

    title: str
    short: str
    folded: str = ""
    referred: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A possible line of the card, as a pack defines it. For each `CardLine`, the first action that applies is used.

    `by` is the id of a deadline. `calls` marks a telephone call, whose outcome is asked. With `refers`, advice alone
    does not close the line. `asks` is the id of the short question to ask once the line is done, or empty. `covers` are
    the lines that this one replaces. With `leaves`, it is due before the child goes home.
    """

    id: str
    line: CardLine
    wording: ActionWording
    by: str
    why: str
    basis: Basis
    calls: bool = False
    refers: bool = False
    asks: str = ""
    covers: tuple[CardLine, ...] = ()
    conditions: tuple[Condition, ...] = ()
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Detail:
    """A further sentence below a line, shown if there is room for it."""

    id: str
    line: CardLine
    text: str
    basis: Basis
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class WhomToCall:
    """A possible name for the addressee of a line. For each line, the first name whose conditions hold is used.

    A `short` that is not empty replaces the button label of the line.
    """

    line: CardLine
    name: str
    conditions: tuple[Condition, ...] = ()
    short: str = ""


class Planned(NamedTuple):
    """A line of the card for one case. `details` are in pack order; `whom` is empty if the title names no addressee."""

    action: Action
    title: str
    details: tuple[str, ...]
    deadline: Deadline
    whom: str = ""

    @property
    def folded(self) -> str:
        """The text to add to another line if this one does not fit on the card. It may be empty."""
        return self.action.wording.folded.format(whom=self.whom)

    def once_referred(self) -> "Planned":
        """Return the line with its `referred` title and without details. Without such a title it is unchanged."""
        title = self.action.wording.referred.format(whom=self.whom)
        return self._replace(title=title, details=()) if title else self

    def saying(self, texts: tuple[str, ...]) -> "Planned":
        """Return the line with these texts inserted before its own details."""
        return self._replace(details=(*texts, *self.details)) if texts else self


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """Everything that a pack defines about the action card, in file order."""

    actions: tuple[Action, ...] = ()
    details: tuple[Detail, ...] = ()
    whom: tuple[WhomToCall, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    home_time: HomeTime | None = None
    by_hours: frozenset[CardLine] = field(init=False, repr=False, compare=False)
    """The lines whose presence may depend on office hours."""
    _by_id: dict[str, Deadline] = field(init=False, repr=False, compare=False)
    _titled: dict[tuple[str, str, str], tuple[Action, str]] = field(init=False, repr=False, compare=False)
    """For each action id, addressee and addressee's button label: the action with that label, and its title."""

    def __post_init__(self) -> None:
        asks = [
            (action.line, key)
            for action in self.actions
            for condition in action.conditions
            for key, _ in condition.asks
        ]
        object.__setattr__(self, "by_hours", frozenset(line for line, key in asks if key == HOURS))
        object.__setattr__(self, "_by_id", {deadline.id: deadline for deadline in self.deadlines})
        titled = {(action.id, "", ""): (action, action.wording.title) for action in self.actions}
        for action in self.actions:
            wording = action.wording
            for whom in self.whom:
                if whom.line is action.line and WHOM in wording.title:
                    named = replace(action, wording=replace(wording, short=whom.short)) if whom.short else action
                    titled[action.id, whom.name, whom.short] = named, wording.title.replace(WHOM, whom.name)
        object.__setattr__(self, "_titled", titled)

    def hour_facts(self, facts: Facts, hour: Hour) -> Facts:
        """Return the facts of a case, extended by the values of `HOURS` and `HOME` at this hour."""
        is_home = not hour.is_open or (hour.is_after_home_time and self._goes_home(facts))
        hours, home = "open" if hour.is_open else "closed", "home" if is_home else "leaving"
        return {**facts, HOURS: frozenset({hours}), HOME: frozenset({home})}

    def _goes_home(self, facts: Facts) -> bool:
        return self.home_time is not None and any_holds(self.home_time.conditions, facts)

    def planned(self, facts: Facts, *, owed: tuple[Planned, ...] = ()) -> tuple[Planned, ...]:
        """Return the lines of the card in the order of `CardLine`: at most five, or all calls if there are more."""
        return self.fitted(self.held(facts), owed=owed)

    def fitted(self, held: tuple[Planned, ...], *, owed: tuple[Planned, ...] = ()) -> tuple[Planned, ...]:
        """Return those of the applying lines (`held`) that fit on the card.

        `owed` are unfinished lines from before the office opened or closed. Each stays if its `CardLine` is still free.
        """
        covered = {line for entry in held for line in entry.action.covers}
        rest = [entry for entry in held if entry.action.line not in covered] if covered else list(held)
        taken = covered.union([entry.action.line for entry in rest]) if owed else covered
        added = [entry for entry in owed if entry.action.line not in taken]
        if added:
            rest = sorted((*rest, *added), key=lambda entry: PLACES[entry.action.line])
        if len(rest) <= MOST:  # nothing is left off
            return tuple(rest)
        # Calls are counted first; the other lines share the room that is left, never the other way round (ADR 0038).
        first = (*CALLS, *[entry.action.line for entry in added])
        others = [entry for entry in rest if entry.action.line not in first]
        calls = len(rest) - len(others)
        left_off = others[max(MOST - calls, 0) :]
        lines = [entry.action.line for entry in left_off]
        remaining = [entry for entry in rest if entry.action.line not in lines]
        folded = tuple(filter(None, [entry.folded for entry in left_off]))
        # Texts that must still be heard go to social care's line, else the manager's: as calls these are never left off.
        at = next(
            (line for line in (CardLine.CARE, CardLine.MANAGER) if line in [entry.action.line for entry in remaining]),
            None,
        )
        return tuple([entry.saying(folded) if entry.action.line is at else entry for entry in remaining])

    def held(self, facts: Facts) -> tuple[Planned, ...]:
        """Return, for each `CardLine`, the first action that applies, with its addressee and all details that apply."""
        actions: dict[CardLine, Action] = {}
        for action in applying(self.actions, facts):
            actions.setdefault(action.line, action)
        return self.named(actions, facts)

    def named(self, actions: Mapping[CardLine, Action], facts: Facts) -> tuple[Planned, ...]:
        """Return these actions as lines of the card, each with its addressee and all details that apply."""
        names: dict[CardLine, WhomToCall] = {}
        details: dict[CardLine, tuple[str, ...]] = {}
        for detail in applying(self.details, facts):
            details[detail.line] = (*details.get(detail.line, ()), detail.text)
        for whom in applying(self.whom, facts):
            names.setdefault(whom.line, whom)
        held: list[Planned] = []
        for line in LINES:
            if line in actions:
                action = actions[line]
                # The reader ensures that the last name of a line always holds, so every placeholder gets a name.
                named_by = names.get(line) if WHOM in action.wording.title else None
                name, short = (named_by.name, named_by.short) if named_by else ("", "")
                deadline = self._by_id[action.by]
                if action.leaves and self.home_time and "leaving" in facts.get(HOME, ()) and self._goes_home(facts):
                    deadline = replace(deadline, before=self.home_time.at)
                named, title = self._titled[action.id, name, short]
                held.append(Planned(named, title, details.get(line, ()), deadline, name))
        return tuple(held)
