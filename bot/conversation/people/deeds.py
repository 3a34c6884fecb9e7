"""What an administrator asked for is done once everybody was looked up: each change with its audit entry, all in one transaction.

It sees labels, roles and times. No case is read or shown, and nobody is made an administrator here. Every change is decided on
the person's current record, not on what was looked up before.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from bot.access.account import Account, Terms, read_account, state_of
from bot.access.admission import Invitation, drawn_from, read_invitation
from bot.access.lock_screen import Visit
from bot.conversation.changes import RecordChange, extension, giving_role, locking, removal, renewal, unlocking
from bot.conversation.people.rosters import PeopleSeen, RosterRow, Viewing, Whereabouts, card_after, roster_of
from bot.conversation.records import with_next_card
from bot.conversation.talk import Talk
from bot.runtime.clock import LONDON
from bot.storage.store import Store
from bot.storage.turning import attempt
from bot.storage.values import (
    Decide,
    Decision,
    Everybody,
    Inbound,
    Issued,
    Lookup,
    PersonForgotten,
    Record,
    Refused,
    Undecided,
    Withdrawn,
    Write,
)
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.acts import Administer, PeopleDeed
from dialogs.core.replies import Toast
from dialogs.core.role import GIVEN, Role
from dialogs.locked import AccountState
from dialogs.people.cards import write_people_card
from dialogs.people.roster import Colleague, Roster, deeds_on
from dialogs.phrases.number import in_words
from dialogs.turn.roles import may

VALID = timedelta(days=7)
"""How long a code that is made in the chat is valid."""

GONE = Toast("people-gone")
"""Nothing was done: it is not allowed, or no longer possible."""


OUT_OF_STEP = Toast("people-out-of-step")
"""No code is made, since rows were changed from outside: whoever did that may be waiting for a code."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of an administrator: the `act`, or a search for people by these `words`.

    `card` is the token of the card on which they asked, `by` the administrator's id. `name` is the label of a person to invite,
    and `who` the new id for them. The toasts in `said` are shown with the result.
    """

    talk: Talk
    terms: Terms
    visit: Visit
    card: int
    by: str
    who: str = field(repr=False)
    act: Administer
    words: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    said: tuple[Toast, ...] = ()

    @property
    def viewing(self) -> Viewing:
        """The view of people by this administrator, now."""
        return Viewing(self.by, self.visit.at, self.terms)

    def see(self, person: str, standing: str) -> RosterRow | None:
        """Return the row of an admitted person, or None for anybody else."""
        return self.viewing.known(person, standing)

    def decide(self, everybody: Everybody[RosterRow]) -> Decide:
        """Return the decision on the request, given everybody."""
        roster = roster_of(everybody)
        if self.act.deed is PeopleDeed.INVITE:
            return self._inviting(roster) if everybody.is_in_step else self._laying(roster, OUT_OF_STEP)
        if self.act.deed not in DEEDS:
            return self._laying(roster)
        about = self._about(roster)
        return Deeds(self, roster, Whereabouts.of(everybody, frozenset(about)), about)

    def laid(
        self, record: Record, account: Account, roster: Roster, *said: Toast, issues: tuple[Issued, ...] = ()
    ) -> Decision:
        """Return the decision that shows the administrator the next card of people, with the codes that were issued."""
        card = card_after(self.act, PeopleSeen(roster, self.talk.script, self.name, self.words, issues))
        laid = "" if card is None else write_people_card(card)
        ending = sum(not each.is_self for each in roster.listed("ending"))
        here = replace(with_next_card(record), active=self.visit.at)
        notices = replace(account.notices, ending=ending)
        after = replace(account, notices=notices, people_card=laid)
        kept = self.talk.kept(here, after, at=self.visit.at, terms=self.terms)
        entries = tuple(read_invitation(each.text).entry(self.visit.at, by=self.by) for each in issues)
        return Decision(kept, (*self.said, *said), (*entries, *issues))

    def account(self, record: Record) -> Account | None:
        """Return the administrator's account, updated by this act; None if they have gone on to another card, or no longer have
        the right.
        """
        account = read_account(record.access)
        if not isinstance(account, Account) or record.card != self.card:
            return None
        is_open = state_of(account, self.visit.at, terms=self.viewing.terms) is AccountState.OPEN
        return account.come().used(self.visit.at) if is_open and may(account.admission.role, "people") else None

    def until(self) -> str:
        """Return the day, in words, until which a person is admitted who is renewed now."""
        return in_words((self.visit.at + self.viewing.terms.renewal).astimezone(LONDON).date())

    def _about(self, roster: Roster) -> tuple[str, ...]:
        """Return the ids of the people that the request is about."""
        if self.act.deed is PeopleDeed.RENEW_ALL:
            return tuple(dict.fromkeys(each.who for each in roster.renewable()))
        return (self.act.about.partition(":")[0],)

    def _inviting(self, roster: Roster) -> Decide:
        role, _, number = self.act.about.partition(":")
        if not self.name or role not in GIVEN:
            return self._laying(roster, GONE)
        first, at = Invitation(self.who, Role(role), self.name), self.visit.at
        drawn = drawn_from(self.visit.random_bytes, first, number=int(number or 1))
        return self._laying(roster, issues=tuple(Issued(code, each.text(), at + VALID) for each, code in drawn))

    def _laying(self, roster: Roster, *said: Toast, issues: tuple[Issued, ...] = ()) -> Decide:
        def lay(record: Record, _: object) -> Decision:
            account = self.account(record)
            # An administrator who has gone on to another card keeps that card.
            return Decision(record, ()) if account is None else self.laid(record, account, roster, *said, issues=issues)

        return lay


@dataclass(frozen=True, slots=True)
class Deeds:
    """The decision that makes the requested change to the people in `about` (ids) and shows the next card, all in one turn."""

    asked: Asked
    roster: Roster = field(repr=False)
    where: Whereabouts
    about: tuple[str, ...]

    def __call__(self, record: Record, lookup: Lookup) -> Decision:
        """Return the decision: the changes that are allowed and the next card; unchanged if the administrator has gone on to
        another card.
        """
        asked, account = self.asked, self.asked.account(record)
        if account is None:
            return Decision(record)
        people = [person for who in self.about for person in self.where.people.get(who, ())]
        found = [each for person in people if (each := lookup.record(person)) is not None]
        changed: list[Record] = []
        writes: tuple[Write, ...]
        if asked.act.deed is PeopleDeed.WITHDRAW:
            marks = [mark for who in self.about for mark in self.where.codes.get(who, ())]
            withdrawn = [Withdrawn(mark) for mark in marks if lookup.invitation(mark) is not None]
            said = Entry(asked.visit.at, asked.by, AuditEvent.WITHDRAWN, asked.act.about)
            count, writes = len(withdrawn), (said, *withdrawn) if withdrawn else ()
        else:
            made = [done for each in self._allowed(found) if (done := self._done_to(each))]
            changed = [each.record for each in made]
            forgotten = [one for each in made for one in each.of(PersonForgotten)]
            # Deletions come last: otherwise they would delete what this turn writes about the same person.
            count, writes = len(made), (*(one for each in made for one in each.of(Entry)), *changed, *forgotten)
        after = {each.person: each for each in (*found, *changed)}
        now = asked.viewing.colleagues(after.values())
        roster = self.roster.updated(frozenset(self.about), now)
        laid = asked.laid(record, account, roster, *self._said(count, now))
        return replace(laid, writes=writes)

    def _allowed(self, found: Sequence[Record]) -> tuple[Record, ...]:
        """Return the records that may be changed now; none if two people share an id, since it is not clear who is meant."""
        deed, viewing = self.asked.act.deed, self.asked.viewing
        rosters = [(each, Roster(viewing.colleagues((each,)), ())) for each in found]
        if deed is PeopleDeed.RENEW_ALL:
            return tuple(each for each, roster in rosters if roster.renewable())
        here = tuple(each for each, roster in rosters if any(deed in deeds_on(one) for one in roster.colleagues))
        return here if len(found) == 1 else ()

    def _done_to(self, record: Record) -> Decision | None:
        asked = self.asked
        deed = PeopleDeed.RENEW if asked.act.deed is PeopleDeed.RENEW_ALL else asked.act.deed
        role = asked.act.about.partition(":")[2]
        if deed is PeopleDeed.ROLE and role not in GIVEN:
            return None
        return DONE[deed](asked, role)(record)

    def _said(self, count: int, now: tuple[Colleague, ...]) -> tuple[Toast, ...]:
        """Return the toasts about the result; if nobody was changed, that it was not possible. After a lock, also what opens
        the chat again.
        """
        if self.asked.act.deed is PeopleDeed.LOCK:
            match [each for each in now if PeopleDeed.LOCK in deeds_on(each)]:
                case [Colleague(opened_by=opened_by)]:
                    return Toast("people-lock" if count else "people-was-locked"), Toast(
                        f"people-opened-by-{opened_by}"
                    )
                case _:  # nobody is left, or two people share the id
                    return (GONE,)
        values = (("date", self.asked.until()), ("count", str(count)))
        return (Toast(f"people-{self.asked.act.deed}", values) if count else GONE,)


DONE: dict[PeopleDeed, Callable[[Asked, str], RecordChange]] = {
    PeopleDeed.RENEW: lambda asked, _: extension(asked.visit.at, asked.viewing.terms, by=asked.by),
    PeopleDeed.UNLOCK: lambda asked, _: unlocking(asked.visit.at, by=asked.by),
    PeopleDeed.LOCK: lambda asked, _: locking(asked.visit.at, by=asked.by),
    PeopleDeed.NEW_PIN: lambda asked, _: renewal(asked.visit.at, asked.viewing.terms, has_new_pin=True, by=asked.by),
    PeopleDeed.ROLE: lambda asked, role: giving_role(Role(role), asked.visit.at, by=asked.by),
    PeopleDeed.REMOVE: lambda asked, _: removal(asked.visit.at, by=asked.by),
}
"""The change of a person's record for each deed; the string is the new role, for a change of role."""


DEEDS = frozenset((*DONE, PeopleDeed.RENEW_ALL, PeopleDeed.WITHDRAW))
"""The acts that change other people's access."""


async def once_looked_up(store: Store, inbound: Inbound, asking: Undecided) -> Inbound | Refused:
    """Return the event with the decision to take, now that everybody was looked up, or its refusal. Raise `StoreFault` if they
    cannot be read.
    """
    needed = asking.needed
    everybody = await store.everybody(needed.at, needed.asking.see)
    # In a thread, since many people have to be sorted.
    decide = await asyncio.to_thread(attempt, inbound.key, partial(needed.asking.decide, everybody))
    return decide if isinstance(decide, Refused) else replace(inbound, decide=decide)
