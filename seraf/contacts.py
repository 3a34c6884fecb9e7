"""Whom to call, and who is the likelier to answer at a given local time. It knows no clock; the time is given to it."""

from dataclasses import dataclass
from datetime import date, datetime, time

EMERGENCY = "emergency"
"""The contact that cannot be removed from a pack: 999."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours on some days of the week (0 is Monday), local time; never on a bank holiday."""

    days: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A moment as people there live it: the aware local time, and whether the day is a bank holiday."""

    at: datetime
    is_bank_holiday: bool

    @property
    def today(self) -> date:
        """The local date."""
        return self.at.date()


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call. `value` is empty where the board has not set it; `checked_on` is when it was last seen to be right."""

    id: str
    name: str
    value: str
    when: str
    note: str
    checked_on: date | None
    source: str
    confirmed: bool
    always: bool
    hours: tuple[Hours, ...]

    def is_open(self, now: LocalTime) -> bool:
        """Whether its hours, where it has any, include this moment; without hours it is the one for all other times."""
        if now.is_bank_holiday:
            return False
        return any(now.at.weekday() in each.days and each.opens <= now.at.time() < each.closes for each in self.hours)


@dataclass(frozen=True, slots=True)
class Contacts:
    """A board's contacts, in the order of the pack."""

    all: tuple[Contact, ...]

    def __getitem__(self, contact_id: str) -> Contact:
        for contact in self.all:
            if contact.id == contact_id:
                return contact
        raise KeyError(contact_id)

    def safeguarding(self, now: LocalTime) -> tuple[Contact, ...]:
        """ART and the Emergency Duty Team, both always, the likelier to answer first."""
        day, duty = self["art"], self["edt"]
        return (day, duty) if day.is_open(now) else (duty, day)

    def by_likelihood(self, now: LocalTime) -> tuple[Contact, ...]:
        """Every contact: emergency, then the safeguarding ones by the clock, then the rest as the pack has them."""
        first = (self[EMERGENCY], *self.safeguarding(now))
        return (*first, *(contact for contact in self.all if contact not in first))
