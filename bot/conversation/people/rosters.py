"""The list of everybody as an administrator sees it, and the card after an act: labels, roles and times, no case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import assert_never

from bot.access.account import Account, Terms, read_account, state_of
from bot.access.admission import grouped, read_invitation
from bot.access.due import expiring
from bot.runtime.clock import LONDON
from bot.storage.values import Everybody, Issued, OpenInvitation, Record
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


@dataclass(frozen=True, slots=True)
class RosterRow:
    """An admitted person: the key to sort them by, their id in the store, and the administrator's view of them."""

    order: str = field(repr=False)
    person: str = field(repr=False)
    colleague: Colleague = field(repr=False)


@dataclass(frozen=True, slots=True)
class Viewing:
    """A view of people: `by` is the id of the administrator who looks, `now` the time."""

    by: str
    now: datetime
    terms: Terms

    def colleagues(self, records: Iterable[Record]) -> tuple[Colleague, ...]:
        """Return the admitted people among these records."""
        standings = (read_account(each.access) for each in records)
        return tuple(self.colleague(each) for each in standings if isinstance(each, Account))

    def known(self, person: str, text: str) -> RosterRow | None:
        """Return the row of the person with this account (as text), or None if they are not admitted."""
        account = read_account(text)
        if not isinstance(account, Account):
            return None
        colleague = self.colleague(account)
        return RosterRow(f"{colleague.label.casefold()}\0{colleague.who}", person, colleague)

    def colleague(self, account: Account) -> Colleague:
        """Return an admitted person as the administrator sees them."""
        return Colleague(
            account.audit_id,
            account.admission.name,
            account.admission.role,
            account.admission.until.astimezone(LONDON).date(),
            is_self=account.audit_id == self.by,
            is_over=self.now >= account.admission.until,
            is_ending=bool(expiring((account,), self.now)),
            is_barred=state_of(account, self.now, terms=self.terms) is AccountState.BARRED,
            is_unused=account.door.opened is None and account.door.seen is None,
            opened_by=self._opened_by(account),
        )

    def _opened_by(self, account: Account) -> OpenedBy:
        standing = state_of(account, self.now, terms=self.terms)
        match standing:
            case AccountState.LAPSED:
                return OpenedBy.RENEWAL
            case AccountState.BARRED:
                return OpenedBy.UNLOCKING
            case (
                AccountState.OPEN
                | AccountState.STRANGER
                | AccountState.NO_CASES
                | AccountState.LOCKED
                | AccountState.NOTICE
                | AccountState.NEW_PIN
                | AccountState.UNREACHABLE
            ):
                own = OpenedBy.PIN if account.pin.hash else OpenedBy.NEW_PIN
                return OpenedBy.SIGN_IN if account.pin.opens_by_sign_in else own
        assert_never(standing)


def roster_of(everybody: Everybody[RosterRow]) -> Roster:
    """Return everybody, sorted by label."""
    ordered = sorted(everybody.seen, key=attrgetter("order"))
    # Invitations with the same end are sorted by label: the store has no order for them.
    awaited = sorted(map(_awaited, everybody.invitations), key=lambda each: (each.until, each.label))
    return Roster(tuple(each.colleague for each in ordered), tuple(awaited))


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """For each id, the people in the store who have it, and the marks of open invitations to it.

    There is one of either, unless the same random id was drawn twice.
    """

    people: Mapping[str, tuple[str, ...]] = field(repr=False)
    codes: Mapping[str, tuple[bytes, ...]] = field(repr=False)

    @classmethod
    def of(cls, everybody: Everybody[RosterRow], ids: Set[str]) -> "Whereabouts":
        """Return the people and the invitations with these ids."""
        people, codes = defaultdict[str, tuple[str, ...]](tuple), defaultdict[str, tuple[bytes, ...]](tuple)
        for each in everybody.seen:
            if each.colleague.who in ids:
                people[each.colleague.who] += (each.person,)
        for invitation in everybody.invitations:
            if (who := read_invitation(invitation.text).audit_id) in ids:
                codes[who] += (invitation.mark,)
        return cls(people, codes)


def _awaited(invitation: OpenInvitation) -> Awaited:
    read = read_invitation(invitation.text)
    return Awaited(read.audit_id, read.name, read.role, invitation.until.astimezone(LONDON).date())


@dataclass(frozen=True, slots=True)
class PeopleSeen:
    """The values that the next card is drawn from: everybody after the act, the label on the card, the typed words, and new codes."""

    roster: Roster
    script: Script
    name: str = ""
    words: str = field(default="", repr=False)
    issued: tuple[Issued, ...] = field(default=(), repr=False)


def card_after(act: Administer, seen: PeopleSeen) -> PeopleCard | None:
    """Return the card after an act, or None if it closes the cards of people."""
    match act.deed:
        case PeopleDeed.CLOSE:
            return None
        case PeopleDeed.HOW:
            return how_card(seen.script)
        case PeopleDeed.LIST:
            name, _, page = act.about.partition(":")
            return list_card(seen.roster, seen.script, name=name, page=int(page))
        case PeopleDeed.ASK_RENEW_ALL:
            return renewing_card(seen.roster, seen.script) if seen.roster.renewable() else _home(seen)
        case PeopleDeed.HOME | PeopleDeed.RENEW_ALL | PeopleDeed.REMOVE:
            return _home(seen)
        case PeopleDeed.OFFERS | PeopleDeed.WITHDRAW:
            return offers_card(seen.roster, seen.script, page=int(act.about) if act.deed is PeopleDeed.OFFERS else 1)
        case PeopleDeed.OFFER:
            return _offer(act.about, seen)
        case PeopleDeed.INVITE | PeopleDeed.SEVERAL:
            return _inviting(act, seen)
        case PeopleDeed.ASK_PIN | PeopleDeed.ASK_REMOVE | PeopleDeed.ROLES:
            return _asking(act, seen)
        case PeopleDeed.PERSON | PeopleDeed.RENEW | PeopleDeed.UNLOCK | PeopleDeed.LOCK | PeopleDeed.NEW_PIN:
            return _somebody(act.about, seen)
        case PeopleDeed.ROLE:
            return _somebody(act.about.partition(":")[0], seen)
    assert_never(act.deed)


def _home(seen: PeopleSeen) -> PeopleCard:
    """Return the first card; after a search, the people found, or the offer to invite somebody of that name."""
    if not seen.words:
        return home_card(seen.roster, seen.script)
    found = seen.roster.called(seen.words)
    if not found:
        return invite_card(seen.words, seen.script)
    return person_card(found[0], seen.script) if len(found) == 1 else found_card(found, seen.script)


def _somebody(who: str, seen: PeopleSeen) -> PeopleCard:
    """Return the card of one person, or the first card if they are no longer there."""
    colleague = seen.roster.find(who)
    return person_card(colleague, seen.script) if colleague else _home(seen)


def _asking(act: Administer, seen: PeopleSeen) -> PeopleCard:
    """Return the question asked before a person's PIN, access or role changes."""
    colleague = seen.roster.find(act.about)
    if colleague is None:
        return _home(seen)
    if act.deed is PeopleDeed.ROLES:
        return roles_card(colleague, seen.script)
    asked = PeopleDeed.NEW_PIN if act.deed is PeopleDeed.ASK_PIN else PeopleDeed.REMOVE
    return asking_card(asked, colleague, seen.script)


def _offer(who: str, seen: PeopleSeen) -> PeopleCard:
    """Return the card of an open invitation, or of the person if they have used it meanwhile."""
    awaited = seen.roster.find_awaited(who)
    if awaited is None:
        return _somebody(who, seen)
    return offer_card(awaited.who, awaited.label, seen.script, role=awaited.role, until=awaited.until)


def _inviting(act: Administer, seen: PeopleSeen) -> PeopleCard:
    """Return how many to invite under the label on the card, then the roles, then the codes; if no codes were made, the choice
    again.
    """
    name, script, about = seen.name, seen.script, act.about
    if not name:
        return _home(seen)
    if seen.issued:
        until = f"{seen.issued[0].until.astimezone(LONDON):%d %B %Y, %H:%M}".lstrip("0")
        return codes_card(name, [grouped(each.code) for each in seen.issued], script, until=until)
    number = about.partition(":")[2] or "1" if act.deed is PeopleDeed.INVITE else about
    return invite_card(name, script, number=int(number)) if number.isdecimal() else several_card(name, script)
