"""Whom to call, who is the likelier to answer at a given local time, and which numbers somebody should look at again.

It knows no clock; the time is given to it.
"""

from calendar import monthrange
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta

ONE_DAY = timedelta(days=1)

SATURDAY = 5
"""The first day of the week on which no office works (0 is Monday)."""

EMERGENCY = "emergency"
"""The contact that cannot be removed from a pack: 999."""

NEAR = timedelta(minutes=30)
"""How near to opening or closing both offices may answer, since their hours are not confirmed (ours)."""

ELSEWHERE = "elsewhere"
"""The front door of the area where a child lives, where that is another one. Its number is seldom known here."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours on some days of the week (0 is Monday), local time; never on a bank holiday."""

    days: frozenset[int]
    opens: time
    closes: time

    def holds(self, now: "LocalTime") -> bool:
        """Whether they include this moment."""
        is_open = now.at.weekday() in self.days and self.opens <= now.at.time() < self.closes
        return is_open and not now.is_bank_holiday


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A moment as people there live it: the aware local time, and which days are bank holidays there."""

    at: datetime
    holidays: Container[date] = frozenset()
    today: date = field(init=False, repr=False, compare=False)
    """The local date."""
    minute: datetime = field(init=False, repr=False, compare=False)
    """The local time in whole minutes."""
    moment: datetime = field(init=False, repr=False, compare=False)
    """The same minute, in UTC."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "today", self.at.date())
        object.__setattr__(self, "minute", self.at.replace(second=0, microsecond=0))
        object.__setattr__(self, "moment", self.minute.astimezone(UTC))

    @property
    def is_bank_holiday(self) -> bool:
        """Whether today is one."""
        return self.today in self.holidays

    def moved(self, at: datetime) -> "LocalTime":
        """Another moment (local) at the same place."""
        return replace(self, at=at)

    def is_past(self, time: datetime) -> bool:
        """Whether a time (aware) is over, by whole minutes: what is due at once is late in the next one."""
        # As moments, since by the clock on the wall an hour comes twice in one night of the year: two times of one
        # place would be compared by that clock.
        return time.astimezone(UTC) < self.moment

    def working_day(self, number: int) -> date:
        """The working day that comes so many after today: 1 is the next one."""
        day = self.today
        while number:
            day += ONE_DAY
            number -= day.weekday() < SATURDAY and day not in self.holidays
        return day


@dataclass(frozen=True, slots=True)
class Check:
    """What a person found when they tried a contact: on which day, with which value, and whether it was right."""

    contact: str
    value: str
    on: date
    is_right: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call.

    `value` is the number as people write it, empty where the board has not set it; `dial` the same in international
    form (`+44…`), empty for a short number such as 101. `checked_on` is when it was last seen to be right. It is to be
    looked at again `review_after` months later (0: never), or on the day `review_due`, where that was not since.
    """

    id: str
    name: str
    value: str
    dial: str
    when: str
    note: str
    checked_on: date | None
    review_after: int
    review_due: date | None
    source: str
    confirmed: bool
    always: bool
    hours: tuple[Hours, ...]

    def is_open(self, now: LocalTime) -> bool:
        """Whether its hours, where it has any, include this moment; without hours it is the one for all other times."""
        return any(each.holds(now) for each in self.hours)

    def due(self) -> date | None:
        """The last day on which it need not be looked at again; None where it never need be."""
        if self.review_due and (self.checked_on is None or self.checked_on < self.review_due):
            return self.review_due
        if self.checked_on is None or self.review_after == 0:
            return None
        return months_after(self.checked_on, self.review_after)

    def is_overdue(self, today: date) -> bool:
        """Whether its review date is past."""
        due = self.due()
        return due is not None and today > due

    def is_doubtful(self, today: date) -> bool:
        """Whether it has a number that nobody confirmed, or that should have been looked at again."""
        return self.value != "" and (not self.confirmed or self.is_overdue(today))

    def checked(self, check: Check) -> "Contact":
        """The contact as a check leaves it. A number that was wrong was not seen to be right on that day."""
        return replace(self, confirmed=check.is_right, checked_on=check.on if check.is_right else self.checked_on)


def _digits(value: str) -> str:
    """A number without the spaces and signs that people write in it."""
    return "".join(char for char in value if char.isdigit())


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    # A pack may have any day: one beyond the calendar would raise, on every card that shows a contact.
    year, month = min(day.year + years, MAXYEAR), month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Contacts:
    """A board's contacts, in the order of the pack."""

    all: tuple[Contact, ...]
    dialled: tuple[tuple[str, str], ...] = field(init=False, repr=False, compare=False)
    """Each number with how it is rung. The longest goes first, so that no part of one is taken for another."""
    _by_id: dict[str, Contact] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {contact.id: contact for contact in self.all})
        known = {each.value: (each.dial or each.value).replace(" ", "") for each in self.all if each.value}
        object.__setattr__(self, "dialled", tuple(sorted(known.items(), key=lambda each: -len(each[0]))))

    def __getitem__(self, contact_id: str) -> Contact:
        return self._by_id[contact_id]

    @property
    def police(self) -> Contact:
        """Who answers for the police where it is no emergency; the emergency number where a board names none."""
        return self._by_id.get("police", self[EMERGENCY])

    def safeguarding(self, now: LocalTime) -> tuple[Contact, ...]:
        """ART and the Emergency Duty Team, both always, the likelier to answer first."""
        day, duty = self["art"], self["edt"]
        # Both, since the hours are not confirmed: a clock that is wrong about them may change
        # the order and hide nobody.
        return (day, duty) if day.is_open(now) else (duty, day)

    def answering(self, now: LocalTime) -> tuple[Contact, ...]:
        """Return who answers at this hour, the likelier first: both within half an hour of opening or closing, else one."""
        day, _ = both = self.safeguarding(now)
        is_open = self["art"].is_open(now)
        around = [now.moved(now.at - NEAR), now.moved(now.at + NEAR)]
        return both if any(self["art"].is_open(each) is not is_open for each in around) else (day,)

    def by_likelihood(self, now: LocalTime) -> tuple[Contact, ...]:
        """Every contact: emergency, then the safeguarding ones by the clock, then the rest as the pack has them."""
        first = (self[EMERGENCY], *self.safeguarding(now))
        return (*first, *(contact for contact in self.all if contact not in first))

    def doubtful(self, today: date) -> tuple[Contact, ...]:
        """The contacts whose number somebody should look at."""
        return tuple(contact for contact in self.all if contact.is_doubtful(today))

    def renumbered(self, known: "Contacts") -> tuple[Contact, ...]:
        """The contacts with another number than the known ones, still under the day on which the known number was checked."""
        checked = {each.id: (_digits(each.value), each.checked_on) for each in known.all if each.checked_on}
        return tuple(
            each
            for each in self.all
            if each.id in checked
            and each.checked_on == checked[each.id][1]
            and _digits(each.value) not in ("", checked[each.id][0])
        )

    def with_checks(self, checks: Iterable[Check]) -> "Contacts":
        """The contacts as people found them. A check of another value than today's falls away."""
        # By the number too: nobody has rung the new one, whatever was found of the old (ADR 0030).
        found = {(check.contact, check.value): check for check in checks}
        pairs = [(contact, found.get((contact.id, contact.value))) for contact in self.all]
        return Contacts(tuple(contact.checked(check) if check else contact for contact, check in pairs))
