"""What an administrator asked about people is done, once everybody was looked up: to each in one transaction with its audit entry.

It sees labels, roles and times. No case is read or shown, and nobody is made an administrator here. Whoever is acted on is judged by
what is kept of them at that moment, and not by what was looked up.
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
"""How long a code that is made in the chat counts."""

GONE = Toast("people-gone")
"""Nothing was done, since it may not be done, or not any more."""


OUT_OF_STEP = Toast("people-out-of-step")
"""No code is made, since the store was changed from outside: whoever did that may be waiting for one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an administrator asked: the `act`, or people of these `words`.

    `card` is the one that they had before them, `by` is the administrator's id, and `who` that of somebody who is to be invited under this
    `name`. `said` is said beside what comes of it.
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
        """How people are seen."""
        return Viewing(self.by, self.visit.at, self.terms)

    def see(self, person: str, standing: str) -> RosterRow | None:
        """Somebody who is let in."""
        return self.viewing.known(person, standing)

    def decide(self, everybody: Everybody[RosterRow]) -> Decide:
        """How it is done, now that everybody is known."""
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
        """The record of the administrator with the next card over the chat, and the codes that stand on it."""
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
        """Return the administrator's account, now that they are there; None where they have gone on to something else, or may not do this
        any more.
        """
        account = read_account(record.access)
        if not isinstance(account, Account) or record.card != self.card:
            return None
        is_open = state_of(account, self.visit.at, terms=self.viewing.terms) is AccountState.OPEN
        return account.come().used(self.visit.at) if is_open and may(account.admission.role, "people") else None

    def until(self) -> str:
        """The day until which somebody is let in who is renewed now."""
        return in_words((self.visit.at + self.viewing.terms.renewal).astimezone(LONDON).date())

    def _about(self, roster: Roster) -> tuple[str, ...]:
        """The ids of those to whom it is done."""
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
            # Whoever has gone on sees what they went on to.
            return Decision(record, ()) if account is None else self.laid(record, account, roster, *said, issues=issues)

        return lay


@dataclass(frozen=True, slots=True)
class Deeds:
    """Does what was asked to those whom it is `about`, by their ids, as they are kept, and lays the next card; all in one turn."""

    asked: Asked
    roster: Roster = field(repr=False)
    where: Whereabouts
    about: tuple[str, ...]

    def __call__(self, record: Record, lookup: Lookup) -> Decision:
        """Do what may be done to them, and lay the card after it; nothing where the administrator has gone on."""
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
            # Whom to forget comes last, or it would take what was written of them before.
            count, writes = len(made), (*(one for each in made for one in each.of(Entry)), *changed, *forgotten)
        after = {each.person: each for each in (*found, *changed)}
        now = asked.viewing.colleagues(after.values())
        roster = self.roster.updated(frozenset(self.about), now)
        laid = asked.laid(record, account, roster, *self._said(count, now))
        return replace(laid, writes=writes)

    def _allowed(self, found: Sequence[Record]) -> tuple[Record, ...]:
        """Those to whom it may be done now. Where an id was drawn twice, nobody knows whom the administrator means."""
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
        """What is said in the end; where it could not be done, or not any more, that. Of a lock also what opens it again."""
        if self.asked.act.deed is PeopleDeed.LOCK:
            match [each for each in now if PeopleDeed.LOCK in deeds_on(each)]:
                case [Colleague(opened_by=opened_by)]:
                    return Toast("people-lock" if count else "people-was-locked"), Toast(
                        f"people-opened-by-{opened_by}"
                    )
                case _:  # nobody any more, or two of one id
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
"""How each deed changes the record of whom it is about; a role is named with them."""


DEEDS = frozenset((*DONE, PeopleDeed.RENEW_ALL, PeopleDeed.WITHDRAW))
"""What is done to others."""


async def once_looked_up(store: Store, inbound: Inbound, asking: Undecided) -> Inbound | Refused:
    """Return the event again, as it is decided now that everybody is known. Raises `StoreFault` where they could not be read."""
    needed = asking.needed
    everybody = await store.everybody(needed.at, needed.asking.see)
    # In a thread: many people are put in order.
    decide = await asyncio.to_thread(attempt, inbound.key, partial(needed.asking.decide, everybody))
    return decide if isinstance(decide, Refused) else replace(inbound, decide=decide)
