"""What to do, as few lines, a line for each person: whom to call, by when, and what to say. The most urgent stands first.

It knows no clock and no telephone number: those are put in where a line is shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

from seraf.advice.contacts import SATURDAY, Hours, LocalTime, months_after
from seraf.form.circumstances import Basis, Condition, Facts, any_holds


class Urgency(IntEnum):
    """By how much a matter presses, the least first. `word` is how a pack writes it."""

    PLAN = 1
    """Plan, and look again."""
    TODAY = 2
    """Talk about it today."""
    MANAGER = 3
    """Talk to a manager now; call yourself if none is reached within the hour, or in doubt."""
    CALL = 4
    """Call now, day or night."""
    EMERGENCY = 5
    """999."""

    @property
    def word(self) -> str:
        """The word of a pack for it."""
        return self.name.lower()


WORDS = tuple(each.word for each in Urgency)
"""Every word that a pack may use, the least urgent first."""


def urgency_of(word: str) -> Urgency:
    """The urgency of a pack's word; `KeyError` where there is none such."""
    return Urgency[word.upper()]


FIVE = time(17)
"""When a day ends, for what is due on a day."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long there is, by the clock of a board.

    `minutes` from now, at any hour (0: at once). With `at_close`, until the office shuts instead, though never less than
    `minutes`; outside office hours `minutes` still count, unless `opens` says at what time of the next working day, which
    is this one where it has not begun.
    With `before` it is due no later than that time of today, where it has not passed: before a child leaves, say.
    `working_days` or `months` from today count where they are not 0. With `from_now` nothing is due: what a line says holds
    from the moment it is shown, until it is said to be over.
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
        """Whether there is no time at all: it is done before anything else."""
        waits = self.minutes or self.at_close or self.opens or self.working_days or self.months
        return not waits and not self.from_now

    def due(self, now: LocalTime, hours: Iterable[Hours]) -> datetime:
        """The time (local, aware, whole minutes) by which it is due for somebody who is told now."""
        at = now.minute
        if self.months:
            return _on(months_after(now.today, self.months), FIVE, like=at)
        if self.working_days:
            return _on(now.working_day(self.working_days), FIVE, like=at)
        closes = closing_time(now, hours) if self.at_close or self.opens else None
        if self.opens and (not closes or not self.at_close):
            return _on(_opening(now, self.opens), self.opens, like=at)
        # By way of UTC: Python adds to a local time by the clock on the wall, an hour out in the
        # nights when that changes.
        soon = (now.moment + timedelta(minutes=self.minutes)).astimezone(at.tzinfo) if self.minutes else at
        if self.before and at.time() < self.before:
            soon = min(soon, _on(now.today, self.before, like=at))
        return max(soon, _on(now.today, closes, like=at)) if self.at_close and closes else soon


def closing_time(now: LocalTime, hours: Iterable[Hours]) -> time | None:
    """When the office shuts today, if it is open at this moment."""
    for each in hours:
        if each.holds(now):
            return each.closes
    return None


def _opening(now: LocalTime, opens: time) -> date:
    """The day on which the office next opens: today too, where it is a working day and still early."""
    is_working = now.at.weekday() < SATURDAY and not now.is_bank_holiday
    return now.today if is_working and now.at.time() < opens else now.working_day(1)


def _on(day: date, at: time, *, like: datetime) -> datetime:
    return datetime.combine(day, at, like.tzinfo)


class CardLine(StrEnum):
    """Whose matter it is, in the order in which lines are kept where there are more than fit on the card."""

    EMERGENCY = "emergency"
    """999, or what somebody does at once themselves."""
    CARE = "care"
    """Social care: the allocated team, ART, the Emergency Duty Team, another area's front door."""
    PARENTS = "parents"
    """Parents and carers, where they must not be told yet."""
    MANAGER = "manager"
    """The manager or safeguarding lead."""
    POLICE = "police"
    """The police, when it is not 999."""
    CHILD = "child"
    """The child, or the young adult."""
    NEXT = "next"
    """Who is told when the offices open again; where there is no room, that is said at social care's line."""
    PLAN = "plan"
    """Who helps early, and how."""
    RECORD = "record"
    """What is written down."""
    REVIEW = "review"
    """When it is looked at again."""


LINES = tuple(CardLine)
"""All of them, in that order."""

PLACES = {line: place for place, line in enumerate(LINES)}
"""The place of each line in that order, which counts among those that are due at the same time too."""

CALLS = (CardLine.EMERGENCY, CardLine.CARE, CardLine.POLICE, CardLine.MANAGER)
"""Lines that mean getting in touch with somebody who acts today. None of them is ever left off the card."""

WHOM = "{whom}"
"""Where a title names whom a line means."""

HOURS = "hours"
"""The fact that the office of social care is open or closed."""

HOME = "home"
"""The fact that the child is still to leave for home, or may be there already."""


def first_lines(urgency: Urgency, *, is_adult: bool) -> tuple[CardLine, ...]:
    """Return the lines that stand above all others, in their order, whenever those are due.

    A young adult is asked before others are told. Where no call is due the manager or lead comes before social care
    (“Responding to the SERAF”).
    """
    if is_adult:
        return (CardLine.EMERGENCY, CardLine.CHILD, CardLine.CARE)
    is_talk = urgency < Urgency.CALL
    return (CardLine.EMERGENCY, *((CardLine.MANAGER,) if is_talk else ()), CardLine.CARE)


@dataclass(frozen=True, slots=True)
class HomeTime:
    """When children go home (local time) from where somebody of these conditions works, such as a school."""

    at: time
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Hour:
    """What the clock says: whether the office of social care is open, and whether children have gone home by now."""

    is_open: bool
    is_after_home_time: bool = False


MOST = 5
"""Lines on a card."""


@dataclass(frozen=True, slots=True)
class Action:
    """One line as the pack writes it: of each line the first whose condition holds is taken.

    `title` is a whole sentence of at most 60 characters, `{whom}` being the name of whom to turn to; `short` stands on its
    button. `by` is the id of a deadline, `why` the reason, `basis` what it rests on. `calls` says that it means a
    telephone call, which has an outcome; what is no call is simply done; `refers` that advice alone is no outcome that
    closes it. `folded` is said at social care's line, or the manager's, where there is no room for this one. `asks` is the
    id of the short question that is put once the line is done, since what follows rests on its answer; empty where none
    is. `covers` names the lines that are part of it, and do not stand beside it. `leaves` says that it is due before the
    child leaves for home. `referred` is its title once social care has taken a referral; empty where that changes nothing.
    """

    id: str
    line: CardLine
    title: str
    short: str
    by: str
    why: str
    basis: Basis
    calls: bool = False
    refers: bool = False
    folded: str = ""
    asks: str = ""
    covers: tuple[CardLine, ...] = ()
    conditions: tuple[Condition, ...] = ()
    leaves: bool = False
    referred: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """A sentence that belongs to a line, where its condition holds; as many stand on the card as there is room for."""

    id: str
    line: CardLine
    text: str
    basis: Basis
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class WhomToCall:
    """Whom a line means, by name; of each line the first whose condition holds is taken.

    `short` is what stands on the button of such a line instead of the line's own; empty where that fits everybody.
    """

    line: CardLine
    name: str
    conditions: tuple[Condition, ...] = ()
    short: str = ""


class Planned(NamedTuple):
    """A line of a case: what it is, its title, what belongs to it, in the order of the pack, how long there is, and whom it means.

    `whom` is empty where the title names nobody.
    """

    action: Action
    title: str
    details: tuple[str, ...]
    deadline: Deadline
    whom: str = ""

    @property
    def folded(self) -> str:
        """What is said at the line of social care instead, where there is no room for this one; empty where nothing is."""
        return self.action.folded.format(whom=self.whom)

    def once_referred(self) -> "Planned":
        """The line after social care has taken a referral: what was to be decided then is not said any more."""
        told = self.action.referred.format(whom=self.whom)
        return self._replace(title=told, details=()) if told else self

    def saying(self, first: tuple[str, ...]) -> "Planned":
        """The line with what other lines say at it."""
        return self._replace(details=(*first, *self.details)) if first else self


Named = tuple[str, str, str]
"""The id of an action, the name of whom it means, and what that name puts on its button; both empty where there is none."""


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """A pack's lines, each kind in the order in which it is read."""

    actions: tuple[Action, ...] = ()
    details: tuple[Detail, ...] = ()
    whom: tuple[WhomToCall, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    home_time: HomeTime | None = None
    by_hours: frozenset[CardLine] = field(init=False, repr=False, compare=False)
    """The lines of which it may rest on the hours of the office whether they stand."""
    _by_id: dict[str, Deadline] = field(init=False, repr=False, compare=False)
    _named: dict[Named, tuple[Action, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_hours", frozenset(each.line for each in self.actions if _asks_for_hours(each)))
        object.__setattr__(self, "_by_id", {each.id: each for each in self.deadlines})
        object.__setattr__(self, "_named", dict(_named(self.actions, self.whom)))

    def hour_facts(self, facts: Facts, hour: Hour) -> Facts:
        """Return the facts with what the clock says: the hours of the office, and whether the child has gone home."""
        is_home = not hour.is_open or (hour.is_after_home_time and self._goes_home(facts))
        hours, home = "open" if hour.is_open else "closed", "home" if is_home else "leaving"
        return {**facts, HOURS: frozenset({hours}), HOME: frozenset({home})}

    def _goes_home(self, facts: Facts) -> bool:
        return self.home_time is not None and any_holds(self.home_time.conditions, facts)

    def planned(self, facts: Facts, *, owed: tuple[Planned, ...] = ()) -> tuple[Planned, ...]:
        """The lines of a case, at most five, in the order of `CardLine`; no call is among those that are left off."""
        return self.fitted(self.held(facts), owed=owed)

    def fitted(self, found: tuple[Planned, ...], *, owed: tuple[Planned, ...] = ()) -> tuple[Planned, ...]:
        """The same of the lines that hold.

        `owed` are lines of another hour that are not done yet: they stay, where nothing else stands at their line.
        """
        covered = {line for each in found for line in each.action.covers}
        held = [each for each in found if each.action.line not in covered] if covered else list(found)
        taken = covered.union([each.action.line for each in held]) if owed else covered
        added = [each for each in owed if each.action.line not in taken]
        if added:
            held = sorted((*held, *added), key=lambda each: PLACES[each.action.line])
        if len(held) <= MOST:  # nothing is left off
            return tuple(held)
        # Calls are counted first: whatever else there is shares what they leave of the card, never the
        # other way round (ADR 0038).
        first = (*CALLS, *[each.action.line for each in added])
        others = [each for each in held if each.action.line not in first]
        calls = len(held) - len(others)
        left_off = others[max(MOST - calls, 0) :]
        lines = [each.action.line for each in left_off]
        kept = [each for each in held if each.action.line not in lines]
        folded = tuple(filter(None, [each.folded for each in left_off]))
        # What was left off and must still be heard is said at social care's line, else at the manager's: as calls these are
        # never left off themselves.
        at = next(
            (line for line in (CardLine.CARE, CardLine.MANAGER) if line in [each.action.line for each in kept]), None
        )
        return tuple([each.saying(folded) if each.action.line is at else each for each in kept])

    def held(self, facts: Facts) -> tuple[Planned, ...]:
        """Of the rules that hold the first action of each line, with the first name of whom it means and all details."""
        actions: dict[CardLine, Action] = {}
        names: dict[CardLine, WhomToCall] = {}
        details: dict[CardLine, tuple[str, ...]] = {}
        for action in self.actions:
            if action.line not in actions and any_holds(action.conditions, facts):
                actions[action.line] = action
        for detail in self.details:
            if detail.line in actions and any_holds(detail.conditions, facts):
                details[detail.line] = (*details.get(detail.line, ()), detail.text)
        for whom in self.whom:
            if whom.line in actions and whom.line not in names and any_holds(whom.conditions, facts):
                names[whom.line] = whom
        held: list[Planned] = []
        for line in LINES:
            if line in actions:
                action = actions[line]
                # The reader makes sure that the last name of a line holds always, so a title with a place always gets one.
                named_by = names.get(line) if WHOM in action.title else None
                name, short = (named_by.name, named_by.short) if named_by else ("", "")
                named, title = self._named[action.id, name, short]
                held.append(Planned(named, title, details.get(line, ()), self._deadline(action, facts), name))
        return tuple(held)

    def _deadline(self, action: Action, facts: Facts) -> Deadline:
        """Return by when a line is due: before home time, where it is to be done before the child leaves."""
        deadline = self._by_id[action.by]
        if action.leaves and self.home_time and "leaving" in facts.get(HOME, ()) and self._goes_home(facts):
            return replace(deadline, before=self.home_time.at)
        return deadline


def _asks_for_hours(action: Action) -> bool:
    return any(key == HOURS for condition in action.conditions for key, _ in condition.asks)


def _named(actions: Iterable[Action], names: Sequence[WhomToCall]) -> Iterator[tuple[Named, tuple[Action, str]]]:
    """Each action and its title, as it is where it names nobody, and for each whom it may name, with what is on the button then."""
    for action in actions:
        yield (action.id, "", ""), (action, action.title)
        for whom in names:
            if whom.line is action.line and WHOM in action.title:
                named = replace(action, short=whom.short) if whom.short else action
                yield (action.id, whom.name, whom.short), (named, action.title.replace(WHOM, whom.name))
