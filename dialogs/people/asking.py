"""Whom somebody may ask to look at a case, or to take it over: the managers of their teams, and who is on call there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dialogs.core.role import ROWS
from dialogs.core.teams import Member, Team, TeamPlace, is_away, on_call
from dialogs.people.roster import Colleague
from seraf.advice.contacts import LocalTime

OFFERED = 8  # maximum number of people who are offered; anybody else is asked by a code


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person whom a colleague may ask: whether they manage the colleague's team, and until when they are on call.

    Somebody who is `away` until a day, locked out or whose access has run out is shown, and cannot be asked.
    """

    colleague: Colleague
    manages: bool = False
    on_call: datetime | None = None
    away: date | None = None

    @property
    def is_there(self) -> bool:
        """True if they can be asked now."""
        return self.away is None and not (self.colleague.is_barred or self.colleague.is_over)


def whom_to_ask(
    who: str, now: LocalTime, *, teams: Iterable[Team], people: Iterable[Colleague], asked: Mapping[str, int]
) -> tuple[Candidate, ...]:
    """Return whom the person `who` may ask: first who manages a team of theirs, then who is on call there.

    In each group those come first whom they asked most often by `asked`. Nobody is offered themselves, nor an account with
    their own label, which may be theirs: a second look at oneself is none.
    """
    known = {each.who: each for each in people}
    me = known.get(who)
    if me is None or not ROWS[me.role].asks:
        return ()
    offered: dict[str, Candidate] = {}
    for team in (team for team in teams if team.member(who) is not None):
        for member in team.members:
            colleague = known.get(member.who)
            if colleague is not None and member.place is TeamPlace.MANAGES and ROWS[colleague.role].is_offered:
                offered[member.who] = _also(offered, Candidate(colleague, True, None, _away(member, now)))
        for duty in on_call(team, now):
            colleague = known.get(duty.who)
            if colleague is not None and ROWS[colleague.role].is_asked:
                offered[duty.who] = _also(offered, Candidate(colleague, False, duty.ends, None))
    own = _called(me)
    others = [each for each in offered.values() if each.colleague.who != who and _called(each.colleague) != own]
    others.sort(key=lambda each: (not each.manages, -asked.get(each.colleague.who, 0), _called(each.colleague)))
    return tuple(others[:OFFERED])


def _also(offered: Mapping[str, Candidate], one: Candidate) -> Candidate:
    """Return what is known of a person from several teams: away from one, they are away; on call, until the latest end."""
    before = offered.get(one.colleague.who)
    if before is None:
        return one
    ends = [end for end in (before.on_call, one.on_call) if end is not None]
    away = [day for day in (before.away, one.away) if day is not None]
    return Candidate(one.colleague, before.manages or one.manages, max(ends, default=None), max(away, default=None))


def _away(member: Member, now: LocalTime) -> date | None:
    return member.away if is_away(member, now) else None


def _called(colleague: Colleague) -> str:
    return " ".join(colleague.label.casefold().split())


def whole_service(people: Iterable[Colleague]) -> Team:
    """Return everybody as one team, which is managed by all whose role may be offered."""
    return Team(
        "",
        tuple(
            Member(each.who, TeamPlace.MANAGES if ROWS[each.role].is_offered else TeamPlace.MEMBER) for each in people
        ),
    )
