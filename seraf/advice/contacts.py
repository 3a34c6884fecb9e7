"""Whom to call, who is likely to answer at a given local time, and which numbers are due for a check.

It knows no clock: the time is a parameter.
"""

from calendar import monthrange
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta

SATURDAY = 5
"""The first day of the week on which no office works (0 is Monday)."""

EMERGENCY = "emergency"
"""The id of the contact that no pack may leave out: 999."""

NEAR = timedelta(minutes=30)
"""How close to opening or closing time both offices may answer, since their hours are not confirmed (ours)."""

ELSEWHERE = "elsewhere"
"""The id of the front door for a child who lives in another area. Its number is seldom known here."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours on some days of the week (0 is Monday), local time; never on a bank holiday."""

    days: frozenset[int]
    opens: time
    closes: time

    def holds(self, now: "LocalTime") -> bool:
        """True if these hours include this moment."""
        is_open = now.at.weekday() in self.days and self.opens <= now.at.time() < self.closes
        return is_open and not now.is_bank_holiday


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A moment in the board's area: the aware local time, and the bank holidays there."""

    at: datetime
    holidays: Container[date] = frozenset()
    today: date = field(init=False, repr=False, compare=False)
    minute: datetime = field(init=False, repr=False, compare=False)
    """The local time in whole minutes."""
    moment: datetime = field(init=False, repr=False, compare=False)
    """`minute` in UTC."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "today", self.at.date())
        object.__setattr__(self, "minute", self.at.replace(second=0, microsecond=0))
        object.__setattr__(self, "moment", self.minute.astimezone(UTC))

    @property
    def is_bank_holiday(self) -> bool:
        """True if today is a bank holiday."""
        return self.today in self.holidays

    def moved(self, at: datetime) -> "LocalTime":
        """Return another moment (local) in the same area."""
        return replace(self, at=at)

    def is_past(self, time: datetime) -> bool:
        """True if the time (aware) has passed, compared in whole minutes: what is due at once is late a minute later."""
        # Compared in UTC: on one night of the year the wall clock has the same hour twice.
        return time.astimezone(UTC) < self.moment

    def working_day(self, number: int) -> date:
        """Return the working day that comes `number` working days after today."""
        day = self.today
        while number:
            day += timedelta(days=1)
            number -= day.weekday() < SATURDAY and day not in self.holidays
        return day


@dataclass(frozen=True, slots=True)
class Check:
    """The result of trying a contact: the day, the value tried, and whether it was right."""

    contact: str
    value: str
    on: date
    is_right: bool


@dataclass(frozen=True, slots=True)
class ReviewTerm:
    """When a number is to be checked: `after` months since the last check (0: never), or by `due` if there was none since."""

    after: int = 0
    due: date | None = None

    def next_due(self, checked_on: date | None) -> date | None:
        """Return the day by which the number has to be checked next, given the last check; None if it never has to be."""
        if self.due and (checked_on is None or checked_on < self.due):
            return self.due
        return months_after(checked_on, self.after) if checked_on and self.after else None


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or team to call.

    `value` is the number as people write it, empty if the board has not set it; `dial` is its international form
    (`+44…`), empty for a short number such as 101. `checked_on` is when it was last confirmed as right,
    and `review` its term until the next check.
    """

    id: str
    name: str
    value: str
    dial: str
    when: str
    note: str
    checked_on: date | None
    review: ReviewTerm
    source: str
    confirmed: bool
    always: bool
    hours: tuple[Hours, ...]

    def is_open(self, now: LocalTime) -> bool:
        """True if its hours include this moment; a contact without hours is for all other times."""
        return any(hours.holds(now) for hours in self.hours)

    def due(self) -> date | None:
        """Return the day by which its number has to be checked next; None if it never has to be."""
        return self.review.next_due(self.checked_on)

    def is_overdue(self, today: date) -> bool:
        """True if that day has passed."""
        due = self.due()
        return due is not None and today > due

    def is_doubtful(self, today: date) -> bool:
        """True if it has a number that is unconfirmed or overdue for a check."""
        return self.value != "" and (not self.confirmed or self.is_overdue(today))

    def checked(self, check: Check) -> "Contact":
        """Return the contact after a check. A number that was wrong keeps its old `checked_on`."""
        return replace(self, confirmed=check.is_right, checked_on=check.on if check.is_right else self.checked_on)


def _digits(value: str) -> str:
    """Return the digits of a telephone number."""
    return "".join(char for char in value if char.isdigit())


def months_after(day: date, months: int) -> date:
    """Return the same day that many months later, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    # A pack may hold any day, and a day beyond the calendar would raise on every card that shows a contact.
    year, month = min(day.year + years, MAXYEAR), month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Contacts:
    """A board's contacts, in the order of the pack."""

    all: tuple[Contact, ...]
    dialled: tuple[tuple[str, str], ...] = field(init=False, repr=False, compare=False)
    """Each number with the form to dial, longest first, so that no part of a number is taken for another one."""
    _by_id: dict[str, Contact] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {contact.id: contact for contact in self.all})
        known = {
            contact.value: (contact.dial or contact.value).replace(" ", "") for contact in self.all if contact.value
        }
        object.__setattr__(self, "dialled", tuple(sorted(known.items(), key=lambda contact: -len(contact[0]))))

    def __getitem__(self, contact_id: str) -> Contact:
        return self._by_id[contact_id]

    @property
    def police(self) -> Contact:
        """Return the contact for non-emergency police matters, or 999 if the board has none."""
        return self._by_id.get("police", self[EMERGENCY])

    def safeguarding(self, now: LocalTime) -> tuple[Contact, ...]:
        """Return ART and the Emergency Duty Team, the likelier to answer first."""
        day, duty = self["art"], self["edt"]
        # Both, since the hours are not confirmed: a wrong clock may change the order but hides neither.
        return (day, duty) if day.is_open(now) else (duty, day)

    def answering(self, now: LocalTime) -> tuple[Contact, ...]:
        """Return who answers now, the likelier first: both within half an hour of opening or closing, else one."""
        day, _ = both = self.safeguarding(now)
        is_open = self["art"].is_open(now)
        around = [now.moved(now.at - NEAR), now.moved(now.at + NEAR)]
        return both if any(self["art"].is_open(moment) is not is_open for moment in around) else (day,)

    def by_likelihood(self, now: LocalTime) -> tuple[Contact, ...]:
        """Return every contact: emergency, then ART and the Emergency Duty Team by likelihood, then the rest in pack order."""
        first = (self[EMERGENCY], *self.safeguarding(now))
        return (*first, *(contact for contact in self.all if contact not in first))

    def doubtful(self, today: date) -> tuple[Contact, ...]:
        """Return the contacts whose number needs a check."""
        return tuple(contact for contact in self.all if contact.is_doubtful(today))

    def renumbered(self, known: "Contacts") -> tuple[Contact, ...]:
        """Return the contacts whose number differs from `known` although the day of its check is the same."""
        checked = {
            contact.id: (_digits(contact.value), contact.checked_on) for contact in known.all if contact.checked_on
        }
        return tuple(
            contact
            for contact in self.all
            if contact.id in checked
            and contact.checked_on == checked[contact.id][1]
            and _digits(contact.value) not in ("", checked[contact.id][0])
        )

    def with_checks(self, checks: Iterable[Check]) -> "Contacts":
        """Return the contacts with the results of checks. A check of another value than today's does not count."""
        # Matched by number as well: nobody has tried the new number, whatever was found about the old one (ADR 0030).
        results = {(check.contact, check.value): check for check in checks}
        pairs = [(contact, results.get((contact.id, contact.value))) for contact in self.all]
        return Contacts(tuple(contact.checked(check) if check else contact for contact, check in pairs))
