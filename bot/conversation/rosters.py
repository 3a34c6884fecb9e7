"""Everybody as an administrator sees them: labels, roles and times, and no case."""

from datetime import datetime

from bot.access.admission import read_invitation
from bot.access.ending import expiring
from bot.access.standing import Access, Terms, read_access, standing_of
from bot.runtime.clock import LONDON
from bot.storage.values import Everybody
from dialogs.locked.gate import Standing
from dialogs.people.roster import Awaited, Colleague, Roster


def roster_of(everybody: Everybody, by: str, *, now: datetime, terms: Terms) -> Roster:
    """Everybody as the administrator with this id sees them now."""
    standings = [each for record in everybody.records if isinstance(each := read_access(record.access), Access)]
    near = {each.who for each in expiring(standings, now)}
    colleagues = [
        Colleague(
            each.who,
            each.name,
            each.role,
            each.until.astimezone(LONDON).date(),
            is_self=each.who == by,
            is_over=now >= each.until,
            is_ending=each.who in near,
            is_barred=standing_of(each, now, terms=terms) is Standing.BARRED,
        )
        for each in standings
    ]
    awaited = [
        Awaited(each.who, each.name, each.role, until.astimezone(LONDON).date())
        for text, until in everybody.invitations
        for each in [read_invitation(text)]
    ]
    colleagues.sort(key=lambda each: (each.label.casefold(), each.who))
    return Roster(tuple(colleagues), tuple(awaited))
