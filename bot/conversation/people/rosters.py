"""Everybody as an administrator sees them: labels, roles and times, and no case; and where the store has some of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import assert_never

from bot.access.account import Account, Terms, read_account, state_of
from bot.access.admission import read_invitation
from bot.access.due import expiring
from bot.runtime.clock import LONDON
from bot.storage.values import Everybody, OpenInvitation, Record
from dialogs.locked.gate import AccountState
from dialogs.people.roster import Awaited, Colleague, OpenedBy, Roster


@dataclass(frozen=True, slots=True)
class RosterRow:
    """Somebody who was let in: where they come in the order of everybody, the person that they are to the store, and how they are seen."""

    order: str = field(repr=False)
    person: str = field(repr=False)
    colleague: Colleague = field(repr=False)


@dataclass(frozen=True, slots=True)
class Viewing:
    """By which administrator people are seen, by their id, and when."""

    by: str
    now: datetime
    terms: Terms

    def colleagues(self, records: Iterable[Record]) -> tuple[Colleague, ...]:
        """Those of these people who are let in."""
        standings = (read_account(each.access) for each in records)
        return tuple(self.colleague(each) for each in standings if isinstance(each, Account))

    def known(self, person: str, text: str) -> RosterRow | None:
        """Somebody by the text of their standing; None who is not let in."""
        account = read_account(text)
        if not isinstance(account, Account):
            return None
        colleague = self.colleague(account)
        return RosterRow(f"{colleague.label.casefold()}\0{colleague.who}", person, colleague)

    def colleague(self, account: Account) -> Colleague:
        """Somebody who was let in."""
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
    """Everybody, by their labels."""
    ordered = sorted(everybody.seen, key=attrgetter("order"))
    # Of several that end at the same time, in the order of their labels: the store has none.
    awaited = sorted(map(_awaited, everybody.invitations), key=lambda each: (each.until, each.label))
    return Roster(tuple(each.colleague for each in ordered), tuple(awaited))


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """By the id of each, the people in the store who have it, and the marks of the codes by which somebody comes who is to have it.

    Each is one, but for ids that were drawn twice.
    """

    people: Mapping[str, tuple[str, ...]] = field(repr=False)
    codes: Mapping[str, tuple[bytes, ...]] = field(repr=False)

    @classmethod
    def of(cls, everybody: Everybody[RosterRow], ids: Set[str]) -> "Whereabouts":
        """Where those with these ids are."""
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
