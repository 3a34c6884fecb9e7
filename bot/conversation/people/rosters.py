"""The list of people for an administrator, which has labels, roles and times but no case, and the card that follows an action."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from bot.access.account import Account, Terms, state_of
from bot.access.admission import grouped, read_invitation
from bot.access.due import expiring
from bot.runtime.clock import LONDON
from bot.storage.values import Everybody, Issued
from dialogs.core.acts import Administer, PeopleDeed
from dialogs.core.script import Script
from dialogs.locked import AccountState
from dialogs.people.cards import (
    PeopleCard,
    asking_card,
    codes_card,
    found_card,
    home_card,
    how_card,
    invite_card,
    list_card,
    offer_card,
    offers_card,
    person_card,
    renewing_card,
    roles_card,
    several_card,
)
from dialogs.people.roster import Awaited, Colleague, OpenedBy, Roster
from dialogs.people.team_cards import Viewer, on_call_card, place_card, places_card, team_card, teams_card


@dataclass(frozen=True, slots=True)
class RosterRow:
    """An admitted person: the id of their row in the store, and what an administrator sees of them."""

    person: str = field(repr=False)
    colleague: Colleague = field(repr=False)


def colleague_of(account: Account, *, by: str, now: datetime, terms: Terms) -> Colleague:
    """Return what the administrator with the id `by` sees of an admitted person."""
    admission, pin = account.admission, account.pin
    state = state_of(account, now, terms=terms)
    own = OpenedBy.SIGN_IN if pin.opens_by_sign_in else OpenedBy.PIN if pin.hash else OpenedBy.NEW_PIN
    opened_by = {AccountState.LAPSED: OpenedBy.RENEWAL, AccountState.BARRED: OpenedBy.UNLOCKING}.get(state, own)
    return Colleague(
        account.audit_id,
        admission.name,
        admission.role,
        admission.until.astimezone(LONDON).date(),
        is_self=account.audit_id == by,
        is_over=now >= admission.until,
        is_ending=bool(expiring((account,), now)),
        is_barred=state is AccountState.BARRED,
        is_unused=account.door.opened is None and account.door.seen is None,
        opened_by=opened_by,
    )


def roster_of(everybody: Everybody[RosterRow]) -> Roster:
    """Return all people, sorted by label, all unused invitations, sorted by the time at which they expire, and all teams."""
    colleagues = [row.colleague for row in everybody.seen]
    awaited = []
    for item in everybody.invitations:
        invitation, until = read_invitation(item.text), item.until.astimezone(LONDON).date()
        awaited.append(Awaited(invitation.audit_id, invitation.name, invitation.role, until))
    # Invitations with the same end are sorted by label: the store has no order for them.
    return Roster(
        tuple(sorted(colleagues, key=lambda each: (each.label.casefold(), each.who))),
        tuple(sorted(awaited, key=lambda each: (each.until, each.label))),
        everybody.teams,
    )


@dataclass(frozen=True, slots=True)
class PeopleSeen:
    """What the next card is drawn from: the people and teams after the action, who looks at them, the label, words, and new codes."""

    roster: Roster
    script: Script
    viewer: Viewer
    name: str = ""
    words: str = field(default="", repr=False)
    issued: tuple[Issued, ...] = field(default=(), repr=False)


def card_after(act: Administer, seen: PeopleSeen) -> PeopleCard | None:
    """Return the `/people` card that follows an action, or None if the action closes these cards."""
    match act.deed:
        case PeopleDeed.CLOSE:
            return None
        case PeopleDeed.HOW:
            return how_card(seen.script)
        case PeopleDeed.LIST:
            name, _, about = act.about.partition(":")
            return list_card(seen.roster, seen.script, name=name, page=int(about))
        case PeopleDeed.ASK_RENEW_ALL:
            return renewing_card(seen.roster, seen.script) if seen.roster.renewable() else _home(seen)
        case PeopleDeed.HOME | PeopleDeed.RENEW_ALL | PeopleDeed.REMOVE:
            return _home(seen)
        case PeopleDeed.OFFERS | PeopleDeed.WITHDRAW:
            return offers_card(seen.roster, seen.script, page=int(act.about) if act.deed is PeopleDeed.OFFERS else 1)
        case PeopleDeed.OFFER:
            awaited = seen.roster.find_awaited(act.about)
            if awaited is None:  # they have used it meanwhile
                return _somebody(act.about, seen)
            return offer_card(awaited.who, awaited.label, seen.script, role=awaited.role, until=awaited.until)
        case PeopleDeed.INVITE | PeopleDeed.SEVERAL:
            if not seen.name:
                return _home(seen)
            if seen.issued:
                until = f"{seen.issued[0].until.astimezone(LONDON):%d %B %Y, %H:%M}".lstrip("0")
                return codes_card(seen.name, [grouped(each.code) for each in seen.issued], seen.script, until=until)
            # If no codes were made, the choice again: how many, or the roles.
            number = act.about.partition(":")[2] or "1" if act.deed is PeopleDeed.INVITE else act.about
            if not number.isdecimal():
                return several_card(seen.name, seen.script)
            return invite_card(seen.name, seen.script, number=int(number))
        case PeopleDeed.ASK_PIN | PeopleDeed.ASK_REMOVE | PeopleDeed.ROLES:
            colleague = seen.roster.find(act.about)
            if colleague is None:
                return _home(seen)
            if act.deed is PeopleDeed.ROLES:
                return roles_card(colleague, seen.script)
            asked = PeopleDeed.NEW_PIN if act.deed is PeopleDeed.ASK_PIN else PeopleDeed.REMOVE
            return asking_card(asked, colleague, seen.script)
        case (
            PeopleDeed.PLACES
            | PeopleDeed.PLACE
            | PeopleDeed.PUT
            | PeopleDeed.TEAMS
            | PeopleDeed.TEAM
            | PeopleDeed.ON_CALL
            | PeopleDeed.ON_ME
            | PeopleDeed.GOES_ON
            | PeopleDeed.NOBODY
        ):
            return _of_team(act, seen)
        case PeopleDeed.PERSON | PeopleDeed.RENEW | PeopleDeed.UNLOCK | PeopleDeed.LOCK | PeopleDeed.NEW_PIN:
            return _somebody(act.about, seen)
        case PeopleDeed.ROLE:
            return _somebody(act.about.partition(":")[0], seen)
    assert_never(act.deed)


def _of_team(act: Administer, seen: PeopleSeen) -> PeopleCard:
    """Return the card that follows an action about teams. A team that was given up meanwhile leads back to the list of teams."""
    roster, script, first, _, rest = seen.roster, seen.script, *act.about.partition(":")
    if act.deed is PeopleDeed.TEAMS:
        return teams_card(roster, seen.viewer, script, page=int(first))
    if act.deed in (PeopleDeed.PLACES, PeopleDeed.PLACE, PeopleDeed.PUT):
        colleague = roster.find(first)
        if colleague is None or not roster.teams:
            return _home(seen)
        team = roster.team(rest) if act.deed is PeopleDeed.PLACE else None
        if team is not None:
            return place_card(colleague, team, script)
        page = int(rest) if act.deed is PeopleDeed.PLACES and rest else 1
        return places_card(roster, colleague, script, page=page)
    team = roster.team(first)
    if team is None:
        return teams_card(roster, seen.viewer, script)
    if act.deed is PeopleDeed.TEAM:
        return team_card(roster, team, seen.viewer, script, page=int(rest))
    return on_call_card(roster, team, seen.viewer, script)


def _home(seen: PeopleSeen) -> PeopleCard:
    """Return the first card, which for a manager is that of their teams.

    After a search, return the people who were found, or an offer to invite a person of that name.
    """
    if seen.roster.is_led:
        return teams_card(seen.roster, seen.viewer, seen.script)
    if not seen.words:
        return home_card(seen.roster, seen.script)
    found = seen.roster.called(seen.words)
    if not found:
        return invite_card(seen.words, seen.script)
    if len(found) > 1:
        return found_card(found, seen.script)
    return person_card(found[0], seen.script, has_teams=bool(seen.roster.teams))


def _somebody(who: str, seen: PeopleSeen) -> PeopleCard:
    """Return the card of this person, or the first card if they are not in the list any more."""
    colleague = seen.roster.find(who)
    return person_card(colleague, seen.script, has_teams=bool(seen.roster.teams)) if colleague else _home(seen)
