"""A board's contacts: who is likely to answer at a given local time, and whose number has to be checked.

No clock is read here: the time is a parameter.
"""

from calendar import monthrange
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta

SATURDAY = 5
"""The first day of the weekend, when no office is open (0 is Monday)."""

EMERGENCY = "emergency"
"""The id of the contact for 999, which every pack must have."""

NEAR = timedelta(minutes=30)
"""Within this time of opening or closing, either office may answer: the hours are not confirmed (our choice)."""

ELSEWHERE = "elsewhere"
"""The id of the contact for a child from another area: social care there, whose number is seldom known here."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours on some days of the week (0 is Monday), in local time. Bank holidays are excluded."""

    days: frozenset[int]
    opens: time
    closes: time

    def holds(self, now: "LocalTime") -> bool:
        """Return True if the office is open at this moment."""
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
        """Return another moment in the same area, given as an aware local time."""
        return replace(self, at=at)

    def is_past(self, time: datetime) -> bool:
        """Return True if the minute of an aware time is over. A line due at once is late from the next minute on."""
        # Compared in UTC: on one night of the year the wall clock has the same hour twice.
        return time.astimezone(UTC) < self.moment

    def working_day(self, number: int) -> date:
        """Return the date that is `number` working days after today."""
        day = self.today
        while number:
            day += timedelta(days=1)
            number -= day.weekday() < SATURDAY and day not in self.holidays
        return day


@dataclass(frozen=True, slots=True)
class Check:
    """The result of a test call to a contact: the day, the number tried, and whether it was right."""

    contact: str
    value: str
    on: date
    is_right: bool


@dataclass(frozen=True, slots=True)
class ReviewTerm:
    """When to check a number: by `due`, then `after` months after each check from that day on (0: no further check)."""

    after: int = 0
    due: date | None = None

    def next_due(self, checked_on: date | None) -> date | None:
        """Return the day by which to check the number next, given the day of the last check; None if there is none."""
        if self.due and (checked_on is None or checked_on < self.due):
            return self.due
        return months_after(checked_on, self.after) if checked_on and self.after else None


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or team to call.

    `value` is the number as people write it, empty if the board has not set it; `dial` is its international form
    (`+44…`), empty for a short number such as 101. `checked_on` is the day on which the number was last confirmed, and
    `review` says when to check it again.
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
        """Return True if the contact is open at this moment. A contact without opening hours is never open."""
        return True in [hours.holds(now) for hours in self.hours]

    def due(self) -> date | None:
        """Return the day by which the number has to be checked next; None if there is none."""
        return self.review.next_due(self.checked_on)

    def is_overdue(self, today: date) -> bool:
        """Return True if the day by which its number has to be checked has passed."""
        due = self.due()
        return due is not None and today > due

    def is_doubtful(self, today: date) -> bool:
        """Return True if there is a number that is unconfirmed or overdue for a check."""
        return self.value != "" and (not self.confirmed or self.is_overdue(today))

    def checked(self, check: Check) -> "Contact":
        """Return the contact updated by a check. If the number was wrong, `checked_on` does not change."""
        return replace(self, confirmed=check.is_right, checked_on=check.on if check.is_right else self.checked_on)


def _digits(value: str) -> str:
    return "".join(char for char in value if char.isdigit())


def months_after(day: date, months: int) -> date:
    """Return the same day that many months later. If that month is shorter, return its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    # A pack may hold any day, and a day beyond the calendar would raise on every card that shows a contact.
    year, month = min(day.year + years, MAXYEAR), month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Contacts:
    """A board's contacts, in the order of the pack."""

    all: tuple[Contact, ...]
    can_dial: bool = True  # False in a rehearsal, so that nobody dials a number by mistake
    dialled: tuple[tuple[str, str], ...] = field(init=False, repr=False, compare=False)
    """Each number as written and as dialled. Longer ones come first, so that no number is found within another."""
    _by_id: dict[str, Contact] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {contact.id: contact for contact in self.all})
        known = {
            contact.value: (contact.dial or contact.value).replace(" ", "")
            for contact in self.all
            if contact.value and self.can_dial
        }
        object.__setattr__(self, "dialled", tuple(sorted(known.items(), key=lambda contact: -len(contact[0]))))

    def __getitem__(self, contact_id: str) -> Contact:
        return self._by_id[contact_id]

    @property
    def police(self) -> Contact:
        """Return the contact for non-emergency police matters, or 999 if the board has none."""
        return self._by_id.get("police", self[EMERGENCY])

    def safeguarding(self, now: LocalTime) -> tuple[Contact, ...]:
        """Return ART and the Emergency Duty Team. The one that is more likely to answer comes first."""
        day, duty = self["art"], self["edt"]
        # Both, since the hours are not confirmed: a wrong clock may change the order but hides neither.
        return (day, duty) if day.is_open(now) else (duty, day)

    def answering(self, now: LocalTime) -> tuple[Contact, ...]:
        """Return who is likely to answer now: one office, or both within half an hour of opening or closing."""
        day, _ = both = self.safeguarding(now)
        office = self["art"]
        around = (now.moved(now.at - NEAR), now.moved(now.at + NEAR))
        return both if [office.is_open(moment) for moment in around] != [day is office] * 2 else (day,)

    def by_likelihood(self, now: LocalTime) -> tuple[Contact, ...]:
        """Return every contact: 999, ART and the Emergency Duty Team by likelihood, and the rest in pack order."""
        first = (self[EMERGENCY], *self.safeguarding(now))
        return (*first, *(contact for contact in self.all if contact not in first))

    def doubtful(self, today: date) -> tuple[Contact, ...]:
        """Return the contacts whose number is unconfirmed or overdue for a check."""
        return tuple(contact for contact in self.all if contact.is_doubtful(today))

    def renumbered(self, known: "Contacts") -> tuple[Contact, ...]:
        """Return the contacts whose number differs from that in `known` while `checked_on` has not changed."""
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
        """Return the contacts updated by these checks. A check of a number that has changed since is ignored."""
        # Matched by number as well: nobody has tried the new number, whatever was found about the old one (ADR 0030).
        results = {(check.contact, check.value): check for check in checks}
        pairs = [(contact, results.get((contact.id, contact.value))) for contact in self.all]
        return Contacts(tuple(contact.checked(check) if check else contact for contact, check in pairs))


NO_CONTACTS = Contacts(())
