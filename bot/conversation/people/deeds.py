"""Answers an administrator's or a manager's event about people, and makes the requested change and its audit entry in one transaction.

Most events first need all accounts. These are read outside the transaction, so that nobody has to wait, and the
change is then made in a second turn (ADR 0057). It uses labels, roles and times. No case is read or shown, and nobody is
made an administrator here. A manager sees the people of the teams that they manage, and can renew them. Every change is
decided on the person's current record, and not on the one that was read first.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from bot.access.account import Account, Terms, read_account, state_of
from bot.access.admission import LONGEST_NAME, Invitation, drawn_from, read_invitation
from bot.access.lock_screen import Visit
from bot.conversation.changes import (
    TEAM_MANAGER,
    RecordChange,
    extension,
    giving_role,
    locking,
    removal,
    renewal,
    unlocking,
    with_news,
)
from bot.conversation.people.rosters import PeopleSeen, RosterRow, card_after, colleague_of, roster_of
from bot.conversation.records import with_next_card
from bot.conversation.talk import Talk
from bot.runtime.clock import LONDON, local_time
from bot.storage.cases import Retied
from bot.storage.store import Store
from bot.storage.turning import attempt
from bot.storage.values import (
    Decide,
    Decision,
    Everybody,
    Inbound,
    Issued,
    Lookup,
    NeedsEverybody,
    PersonForgotten,
    Record,
    Refused,
    Withdrawn,
    Write,
)
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.acts import BY_MANAGERS, CHANGES_ON_CALL, Administer, PeopleDeed, act_of
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, LookedUp, Noted, Pressed, Typed
from dialogs.core.replies import Toast
from dialogs.core.role import ADMINISTERING, GIVEN, ROWS, Role
from dialogs.core.teams import NOBODY, Team, TeamPlace, on_call
from dialogs.locked import AccountState
from dialogs.people.cards import read_people_card, write_people_card
from dialogs.people.roster import Colleague, Roster, deeds_on
from dialogs.people.team_cards import NOWHERE, Viewer
from dialogs.phrases.number import in_words
from dialogs.turn.roles import may

HOME, NAMED = Administer(PeopleDeed.HOME), Administer(PeopleDeed.HOME, "named")  # first card; search for its label
TEAMS = Administer(PeopleDeed.TEAMS, "1")
VALID = timedelta(days=7)  # for how long an invitation code made in the chat is valid
GONE = Toast("people-gone")  # says that nothing was done, because it is not allowed or not possible any more
OUT_OF_STEP = Toast("people-out-of-step")  # says that no code was made: whoever changed rows from outside may want it


@dataclass(frozen=True, slots=True)
class PeopleTurn:
    """What is needed to answer the event of somebody who may see people. `account` has this activity noted, and `audit_id`
    is for an invited person.
    """

    talk: Talk
    terms: Terms
    record: Record
    account: Account
    visit: Visit
    audit_id: str = field(repr=False)

    def answer(self, event: Event) -> Decision | NeedsEverybody[RosterRow] | None:
        """Return the decision about an event that concerns people, or None for any other event."""
        card, opened = read_people_card(self.account.people_card), self.account.door.opened
        role = self.account.admission.role
        match event:
            case Commanded(_, "people" | "team" as name, _) if not self._may(name):
                return None
            case Commanded(_, "people" | "team" as name, _) if opened and self.visit.at - opened >= self.terms.lock:
                # The PIN must have been entered recently, so that a phone left open gives no access to people.
                said = Entry(self.visit.at, self.account.audit_id, AuditEvent.LOCKED)
                locked = self._kept(with_next_card(self.record), self.account.locked(self.record.phase))
                return Decision(locked, (Toast(f"{name}-pin"),), (said,))
            case Commanded(_, "team", _):
                return self._asked(TEAMS)
            case Commanded(_, "people", words):
                words = words.strip()
                if len(words) > LONGEST_NAME or not words.isprintable():
                    return self._asked(HOME, said=(Toast("people-long", (("most", str(LONGEST_NAME)),)),))
                return self._asked(NAMED if words else HOME, words=words, name=words)
            case Pressed(_, token, code) if card is not None:
                act = act_of(code)
                if token != self.record.card or not card.has(code):
                    return self._unchanged(Toast("stale" if token != self.record.card else "no-button"))
                if not isinstance(act, Administer):
                    return self._unchanged()
                if act.deed not in BY_MANAGERS and not may(role, "people"):
                    return self._unchanged(Toast("role"))
                if act.deed not in (PeopleDeed.CLOSE, PeopleDeed.HOW):
                    return self._asked(act, words=card.name if act == NAMED else "", name=card.name)
                # These two need no look-up of people.
                viewer = Viewer(self.account.audit_id, role, local_time(self.visit.at))
                laid = card_after(act, PeopleSeen(Roster((), ()), self.talk.script, viewer))
                account = replace(self.account, people_card=write_people_card(laid) if laid else "")
                return Decision(self._kept(with_next_card(self.record), account))
            case Typed() | Noted() if card is not None:
                return self._unchanged(Toast("typed"))
            case Ignored(_, kind) if card is not None:
                return self._unchanged(Toast(f"ignored-{kind}"))
            case Began() | Commanded() | Pressed() | Typed() | Noted() | LookedUp() | Ignored() | Lapsed():
                return None
        assert_never(event)

    def _may(self, command: str) -> bool:
        return may(self.account.admission.role, command) and (command != "team" or self.talk.has_teams)

    def _unchanged(self, *effects: Toast) -> Decision:
        return Decision(self._kept(self.record, self.account), effects)

    def _asked(
        self, act: Administer, *, words: str = "", name: str = "", said: tuple[Toast, ...] = ()
    ) -> NeedsEverybody[RosterRow]:
        ids = (self.record.card, self.account.audit_id, self.account.admission.role, self.audit_id)
        return NeedsEverybody(self.visit.at, Asked(self.talk, self.terms, self.visit, *ids, act, words, name, said))

    def _kept(self, record: Record, account: Account) -> Record:
        return self.talk.kept(replace(record, active=self.visit.at), account, at=self.visit.at, terms=self.terms)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an administrator or a manager asked for: the `act`, or a search for people by these `words`.

    `card` is the token of the card on which they asked, and `by` and `role` are their id and role. `name` is the label
    of a person to invite, and `who` the new id for that person. The toasts in `said` are shown with the result.
    """

    talk: Talk
    terms: Terms
    visit: Visit
    card: int
    by: str
    role: Role
    who: str = field(repr=False)
    act: Administer
    words: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    said: tuple[Toast, ...] = ()

    def see(self, person: str, standing: str) -> RosterRow | None:
        account = read_account(standing)
        if not isinstance(account, Account):
            return None
        colleague = colleague_of(account, by=self.by, now=self.visit.at, terms=self.terms)
        return RosterRow(person, replace(colleague, is_led=self.leads))

    @property
    def leads(self) -> bool:
        """True if they see only the people of the teams that they manage."""
        return self.role not in ADMINISTERING

    def decide(self, everybody: Everybody[RosterRow]) -> Decide:
        roster, deed = roster_of(everybody if self.talk.has_teams else replace(everybody, teams=())), self.act.deed
        roster = roster.led_by(self.by) if self.leads else roster
        if deed in CHANGES_ON_CALL:
            return partial(self._called, roster=roster)
        if deed in DEEDS:
            return self._changing(everybody, roster)
        if deed is not PeopleDeed.INVITE:
            return self._laying(roster)
        if not everybody.is_in_step:
            return self._laying(roster, OUT_OF_STEP)
        role, _, number = self.act.about.partition(":")
        if not self.name or role not in GIVEN:
            return self._laying(roster, GONE)
        first, until = Invitation(self.who, Role(role), self.name), self.visit.at + VALID
        drawn = drawn_from(self.visit.random_bytes, first, number=int(number or 1))
        return self._laying(roster, issues=tuple(Issued(code, invitation.text(), until) for invitation, code in drawn))

    def _laying(self, roster: Roster, *said: Toast, issues: tuple[Issued, ...] = ()) -> Decide:
        def lay(record: Record, _: object) -> Decision:
            account = self._account(record)
            # An administrator who has gone on to another card keeps that card.
            return Decision(record) if account is None else self._laid(record, account, roster, *said, issues=issues)

        return lay

    def _changing(self, everybody: Everybody[RosterRow], roster: Roster) -> Decide:
        deed, about = self.act.deed, [self.act.about.partition(":")[0]]
        if deed is PeopleDeed.RENEW_ALL:
            about = [colleague.who for colleague in roster.renewable()]
        # An id has one person or one invitation, unless the same random id was drawn twice.
        order = {who: number for number, who in enumerate(about)}
        known = {colleague.who for colleague in roster.colleagues}
        rows = [row for row in everybody.seen if row.colleague.who in order and row.colleague.who in known]
        rows.sort(key=lambda row: order[row.colleague.who])
        people = [row.person for row in rows]
        others = [row for row in everybody.seen if row.colleague.role in ADMINISTERING and not row.colleague.is_self]
        marks = [item.mark for item in everybody.invitations if read_invitation(item.text).audit_id in order]

        def change(record: Record, lookup: Lookup) -> Decision:
            account = self._account(record)
            if account is None:
                return Decision(record)
            found = [each for person in people if (each := lookup.record(person)) is not None]
            changed: list[Record] = []
            writes: tuple[Write, ...]
            if deed is PeopleDeed.WITHDRAW:
                withdrawn = [Withdrawn(mark) for mark in marks if lookup.invitation(mark) is not None]
                said = Entry(self.visit.at, self.by, AuditEvent.WITHDRAWN, self.act.about)
                count, writes = len(withdrawn), (said, *withdrawn) if withdrawn else ()
            elif deed is PeopleDeed.PUT:
                writes = self._put(self._allowed(found, lookup), others, lookup=lookup)
                count = len(writes)
            else:
                kind = PeopleDeed.RENEW if deed is PeopleDeed.RENEW_ALL else deed
                role = self.act.about.partition(":")[2]
                allowed = () if deed is PeopleDeed.ROLE and role not in GIVEN else self._allowed(found, lookup)
                made = [done for each in allowed if (done := DONE[kind](self, role)(each, lookup))]
                told = {one.person: one for done in made for one in done.of(Record)}
                # The administrator may be told too, in the one record of this turn.
                if mine := told.pop(record.person, None):
                    record, account = mine, told_account(mine, self.visit.at)
                changed = [*(done.record for done in made), *told.values()]
                forgotten = [one for done in made for one in done.of(PersonForgotten)]
                retied = [one for done in made for one in done.of(Retied)]
                # Deletions come last: otherwise they would delete what this turn writes about the same person.
                count, writes = (
                    len(made),
                    (*(one for done in made for one in done.of(Entry)), *retied, *changed, *forgotten),
                )
            after = {each.person: each for each in (*found, *changed)}
            now = self._colleagues(*after.values())
            after_it = roster.updated(order.keys(), now)
            for team in (write for write in writes if isinstance(write, Team)):
                after_it = after_it.with_team(team)
            laid = self._laid(record, account, after_it, *self._said(count, now))
            return replace(laid, writes=writes)

        return change

    def _put(self, found: Sequence[Record], others: Sequence[RosterRow], *, lookup: Lookup) -> tuple[Write, ...]:
        """Return what puts a person into a team or takes them out of it. The other administrators are told of a new manager."""
        who, name, place = self.act.about.split(":")
        account = read_account(found[0].access) if found else None
        team = next((team for team in lookup.teams() if team.id == name), None)
        if team is None or not isinstance(account, Account) or place not in (*TeamPlace, NOWHERE):
            return ()
        if place == TeamPlace.MANAGES and not ROWS[account.admission.role].is_offered:
            return ()
        after = team.putting(who, None if place == NOWHERE else TeamPlace(place))
        said = Entry(self.visit.at, self.by, AuditEvent.TEAM_CHANGED, who, "" if place == NOWHERE else place)
        told = []
        for row in others if after.is_managed_by(who) and not team.is_managed_by(who) else ():
            record = lookup.record(row.person)
            administrator = read_account(record.access) if record is not None else None
            if record is not None and isinstance(administrator, Account):
                told.append(with_news(record, administrator, TEAM_MANAGER, at=self.visit.at))
        return (said, *told, after)

    def _called(self, record: Record, lookup: Lookup, *, roster: Roster) -> Decision:
        """Return the decision that changes who is on call tonight, if they may do that now."""
        account = self._account(record)
        if account is None:
            return Decision(record)
        (name, _, who), now = self.act.about.partition(":"), local_time(self.visit.at)
        team = next((team for team in lookup.teams() if team.id == name), None)
        if team is None or (self.leads and not team.is_managed_by(self.by)):
            return self._laid(record, account, roster, GONE)
        if self.act.deed is PeopleDeed.GOES_ON:
            # The card may be from before their duty ended.
            after = team.going_on(who, now) if who in [duty.who for duty in on_call(team, now)] else None
        else:
            who = self.by if self.act.deed is PeopleDeed.ON_ME else NOBODY
            after = team.taken(who, now) if who == NOBODY or ROWS[account.admission.role].is_asked else None
        if after is None:
            return self._laid(record, account, roster, GONE)
        laid = self._laid(record, account, roster.with_team(after), Toast("people-on-call"))
        return replace(laid, writes=(Entry(self.visit.at, self.by, AuditEvent.ON_CALL, who), after))

    def _account(self, record: Record) -> Account | None:
        """Return the administrator's account after this act, or None if another card is shown by now or they may not do this."""
        account = read_account(record.access)
        if not isinstance(account, Account) or record.card != self.card:
            return None
        is_open = state_of(account, self.visit.at, terms=self.terms) is AccountState.OPEN
        return (
            account.come().used(self.visit.at) if is_open and account.admission.role in self.talk.sees_people else None
        )

    def _laid(
        self, record: Record, account: Account, roster: Roster, *said: Toast, issues: tuple[Issued, ...] = ()
    ) -> Decision:
        """Return the decision that shows the administrator the next `/people` card, with the invitation codes that were issued."""
        viewer = Viewer(self.by, self.role, local_time(self.visit.at))
        laid = card_after(self.act, PeopleSeen(roster, self.talk.script, viewer, self.name, self.words, issues))
        card = write_people_card(laid) if laid else ""
        ending = sum(not each.is_self for each in roster.listed("ending"))
        here = replace(with_next_card(record), active=self.visit.at)
        notices = account.notices if self.leads else replace(account.notices, ending=ending)
        after = replace(account, notices=notices, people_card=card)
        kept = self.talk.kept(here, after, at=self.visit.at, terms=self.terms)
        entries = tuple(read_invitation(each.text).entry(self.visit.at, by=self.by) for each in issues)
        return Decision(kept, (*self.said, *said), (*entries, *issues))

    def _colleagues(self, *records: Record) -> tuple[Colleague, ...]:
        rows = (self.see(record.person, record.access) for record in records)
        return tuple(row.colleague for row in rows if row is not None)

    def _allowed(self, found: Sequence[Record], lookup: Lookup) -> tuple[Record, ...]:
        """Return the records that may be changed now. If two people have this id, return none, since either could be meant."""
        deed = self.act.deed
        rosters = [(each, Roster(self._colleagues(each), (), lookup.teams() if self.leads else ())) for each in found]
        if self.leads:
            rosters = [(each, roster.led_by(self.by)) for each, roster in rosters]
        if deed is PeopleDeed.RENEW_ALL:
            return tuple(each for each, roster in rosters if roster.renewable())
        here = tuple(each for each, roster in rosters if any(deed in deeds_on(one) for one in roster.colleagues))
        return here if len(found) == 1 else ()

    def _said(self, count: int, now: tuple[Colleague, ...]) -> tuple[Toast, ...]:
        """Return the toasts about the result, even if nobody was changed. After a lock, one says what opens the chat again."""
        if self.act.deed is PeopleDeed.LOCK:
            match [each for each in now if PeopleDeed.LOCK in deeds_on(each)]:
                case [Colleague(opened_by=opened_by)]:
                    locked = Toast("people-lock" if count else "people-was-locked")
                    return locked, Toast(f"people-opened-by-{opened_by}")
                case _:  # nobody is left, or two people share the id
                    return (GONE,)
        until = in_words((self.visit.at + self.terms.renewal).astimezone(LONDON).date())
        values = (("date", until), ("count", str(count)))
        return (Toast(f"people-{self.act.deed}", values) if count else GONE,)


def told_account(record: Record, at: datetime) -> Account:
    """Return the account of somebody who has just been told something, and who acts now."""
    account = read_account(record.access)
    assert isinstance(account, Account), "nobody without an account is told"
    return account.come().used(at)


DONE: dict[PeopleDeed, Callable[[Asked, str], RecordChange]] = {
    PeopleDeed.RENEW: lambda asked, _: extension(asked.visit.at, asked.terms, by=asked.by),
    PeopleDeed.UNLOCK: lambda asked, _: unlocking(asked.visit.at, by=asked.by),
    PeopleDeed.LOCK: lambda asked, _: locking(asked.visit.at, by=asked.by),
    PeopleDeed.NEW_PIN: lambda asked, _: renewal(asked.visit.at, asked.terms, has_new_pin=True, by=asked.by),
    PeopleDeed.ROLE: lambda asked, role: giving_role(Role(role), asked.visit.at, by=asked.by),
    PeopleDeed.REMOVE: lambda asked, _: removal(asked.visit.at, by=asked.by),
}
"""For each action, the function that returns the change of a person's record. Its text argument is the role, for a change of role."""


DEEDS = frozenset(
    (*DONE, PeopleDeed.RENEW_ALL, PeopleDeed.WITHDRAW, PeopleDeed.PUT)
)  # the actions that change other people's access


async def once_looked_up(store: Store, inbound: Inbound, needed: NeedsEverybody[RosterRow]) -> Inbound | Refused:
    """Look all people up, and return the event with its decision, or a refusal. Raise `StoreFault` if they cannot be read."""
    everybody = await store.everybody(needed.at, needed.asking.see)
    # In a thread, since many people have to be sorted.
    decide = await asyncio.to_thread(attempt, inbound.key, partial(needed.asking.decide, everybody))
    return decide if isinstance(decide, Refused) else replace(inbound, decide=decide)
