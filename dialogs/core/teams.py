"""Teams: who is in one, who manages it, and who is on call when.

Days and hours are local, so that a night is one duty however long the clock makes it. People are their ids in the audit.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from seraf.advice.contacts import LocalTime

AHEAD = 9  # how many days of duties are worked out, so that a rota of one duty a week shows its next one
NOBODY = ""  # in place of an id: nobody is on call
DAY = timedelta(days=1)


class TeamPlace(StrEnum):
    """A person's place in a team."""

    MEMBER = "member"
    MANAGES = "manages"


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a team, by their id in the audit. They are away until the day `away`, on which they are back."""

    who: str
    place: TeamPlace = TeamPlace.MEMBER
    away: date | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """One line of a team's weekly rota. It ends on the next day unless it ends later than it begins. Monday is 0."""

    who: str
    weekday: int
    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class Duty:
    """A time, in UTC, during which a person or `NOBODY` is on call."""

    who: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Team:
    """A team. `tonight` is what a manager tapped last, and replaces what the rota says of that time."""

    name: str = field(repr=False)
    members: tuple[Member, ...] = ()
    rota: tuple[Shift, ...] = ()
    tonight: Duty | None = None

    @property
    def id(self) -> str:
        """The sign for the team on buttons, which tells nobody its name."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:8]

    def member(self, who: str) -> Member | None:
        """Return the member with this id, or None."""
        return next((each for each in self.members if each.who == who), None)

    def is_managed_by(self, who: str) -> bool:
        """Return True if this person manages the team."""
        member = self.member(who)
        return member is not None and member.place is TeamPlace.MANAGES

    def putting(self, who: str, place: TeamPlace | None) -> "Team":
        """Return the team with the person in this place, or without them if it is None. Somebody who is away stays away."""
        before = self.member(who)
        if place is None:
            return replace(self, members=tuple(each for each in self.members if each is not before))
        after = Member(who, place) if before is None else replace(before, place=place)
        if before is None:
            return replace(self, members=(*self.members, after))
        return replace(self, members=tuple(after if each is before else each for each in self.members))

    def without(self, who: str) -> "Team":
        """Return the team after this person's access ended: they have no place, no shift, and no duty tonight."""
        tonight = None if self.tonight is not None and self.tonight.who == who else self.tonight
        rota = tuple(replace(shift, who=NOBODY) if shift.who == who else shift for shift in self.rota)
        return replace(self.putting(who, None), rota=rota, tonight=tonight)

    def taken(self, who: str, now: LocalTime) -> "Team":
        """Return the team with this person, or `NOBODY`, on call from now to the end of the present duty, or until the next begins.

        If the rota says nothing of the coming day, it is for twelve hours.
        """
        begins = now.at.astimezone(UTC)
        listed = duties(replace(self, tonight=None), now)
        times = [duty.ends if duty.begins <= begins else duty.begins for duty in listed]
        ends = min((at for at in times if at <= begins + DAY), default=begins + DAY / 2)
        return replace(self, tonight=Duty(who, begins, ends))

    def going_on(self, who: str, now: LocalTime) -> "Team":
        """Return the team in which this person, who is on call, stays so through the duty after theirs, or until it begins."""
        begins = now.at.astimezone(UTC)
        listed = duties(self, now)
        over = max((duty.ends for duty in listed if duty.who == who and duty.begins <= begins), default=begins)
        later = [at for duty in listed for at in (duty.begins, duty.ends) if over < at <= over + DAY]
        return replace(self, tonight=Duty(who, begins, min(later, default=over + DAY / 2)))


def duties(team: Team, now: LocalTime) -> tuple[Duty, ...]:
    """Return the duties that are not over, in order: those of the rota for the coming week, and what was tapped for tonight."""
    listed, at = list[Duty](), now.at.astimezone(UTC)
    # Each end is worked out from its own day and hour, so that two shifts that meet on paper meet in a night of 23 or 25 hours.
    for day in (now.today + timedelta(days=number) for number in range(-1, AHEAD)):
        for shift in team.rota:
            if shift.weekday == day.weekday():
                last = day if shift.ends > shift.begins else day + DAY
                times = (datetime.combine(*one, now.at.tzinfo) for one in ((day, shift.begins), (last, shift.ends)))
                listed.append(Duty(shift.who, *(time.astimezone(UTC) for time in times)))
    tonight = team.tonight
    if tonight is not None:
        before = [replace(duty, ends=min(duty.ends, tonight.begins)) for duty in listed]
        after = [replace(duty, begins=max(duty.begins, tonight.ends)) for duty in listed]
        listed = [tonight, *before, *after]
    merged = list[Duty]()
    for duty in sorted(listed, key=lambda each: (each.who, each.begins)):
        if duty.ends <= max(at, duty.begins):
            continue
        if merged and merged[-1].who == duty.who and duty.begins <= merged[-1].ends:
            merged[-1] = replace(merged[-1], ends=max(merged[-1].ends, duty.ends))
        else:
            merged.append(duty)
    return tuple(sorted(merged, key=lambda each: (each.begins, each.ends, each.who)))


def on_call(team: Team, now: LocalTime) -> tuple[Duty, ...]:
    """Return the duties of the people who are on call now, without those who are away. Empty if nobody is."""
    present = [duty for duty in duties(team, now) if duty.begins <= now.at.astimezone(UTC) and duty.who != NOBODY]
    members = [team.member(duty.who) for duty in present]
    return tuple(
        duty for duty, member in zip(present, members, strict=True) if member is None or not is_away(member, now)
    )


def is_away(member: Member, now: LocalTime) -> bool:
    """Return True if the member is not back yet."""
    return member.away is not None and now.today < member.away
