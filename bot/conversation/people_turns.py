"""An administrator's turn about people: what they tapped is done to others in the same transaction, and audited.

It sees labels, roles and times. No case is read or shown, and nobody is made an administrator here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import assert_never

from bot.access.admission import LONGEST_NAME, Invitation, drawn_from, read_invitation
from bot.access.lapses import locked
from bot.access.locked_chat import Visit
from bot.access.standing import Access, Terms, read_access, standing_of
from bot.conversation.access_turns import AccessTurns, come, with_next_card
from bot.conversation.changes import extension, giving_role, locking, removal, renewal, unlocking
from bot.conversation.people_next import PeopleSeen, card_after
from bot.conversation.rosters import roster_of
from bot.runtime.clock import LONDON
from bot.storage.values import Decide, Decision, Entry, Everybody, Issued, Made, NeedsEverybody, Record
from bot.trail.audit import What
from dialogs.core.act_codes import act_of
from dialogs.core.acts import Administer, PeopleDeed
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, Noted, Pressed, Typed
from dialogs.core.replies import Toast
from dialogs.core.role import Role
from dialogs.core.script import Script
from dialogs.locked.gate import Standing
from dialogs.people.people_card import PeopleCard, read_people_card, write_people_card
from dialogs.people.roster import GIVEN, Roster, deeds_on
from dialogs.phrases.number import in_words
from dialogs.turn.roles import may

VALID = timedelta(days=7)
"""How long a code that is made in the chat counts."""

HOME = Administer(PeopleDeed.HOME)


@dataclass(frozen=True, slots=True)
class PeopleTurns:
    """Answers what administrators do about people, and nobody else."""

    turns: AccessTurns
    script: Script

    def answer(self, record: Record, access: Access, *, visit: Visit, event: Event, who: str) -> Made | None:
        """The answer to an event about people; None for every other event, and for those who may not do such a thing now.

        `who` was drawn before, for somebody who is invited.
        """
        terms = self.turns.door.terms
        if standing_of(access, visit.at, terms=terms) is not Standing.OPEN or not may(access.role, "people"):
            return None
        card = read_people_card(access.desk)
        turn = PeopleTurn(self, record, replace(come(access), seen=visit.at), visit, who, card)
        match event:
            case Commanded(_, "people", _) if access.opened and visit.at - access.opened >= terms.lock:
                return turn.closed()
            case Commanded(_, "people", words):
                return NeedsEverybody(replace(turn, words=words.strip()))
            case Pressed(_, token, code) if card is not None:
                act = act_of(code)
                if token != record.card or not card.has(code):
                    return turn.unchanged(Toast("stale" if token != record.card else "no-button"))
                return NeedsEverybody(replace(turn, act=act)) if isinstance(act, Administer) else turn.unchanged()
            case Typed() | Noted() if card is not None:
                return turn.unchanged(Toast("typed"))
            case Ignored(_, kind) if card is not None:
                return turn.unchanged(Toast(f"ignored-{kind}"))
            case Began() | Commanded() | Pressed() | Typed() | Noted() | Ignored() | Lapsed():
                return None
        assert_never(event)


@dataclass(frozen=True, slots=True)
class PeopleTurn:
    """One turn about people, as a function of everybody.

    `lies` is the card of people that lies over the chat; `words` are what was typed after the command.
    """

    own: PeopleTurns
    record: Record
    access: Access
    visit: Visit
    who: str
    lies: PeopleCard | None
    act: Administer = HOME
    words: str = field(default="", repr=False)

    def __call__(self, everybody: Everybody) -> Decision:
        """What is done to others, and the administrator's next card."""
        if len(self.words) > LONGEST_NAME or not self.words.isprintable():
            told = replace(self, words="")(everybody)
            return replace(told, effects=(Toast("people-long", (("most", str(LONGEST_NAME)),)),))
        done = self._done(everybody)
        roster = self._roster(_after(everybody, done))
        name = self.lies.name if self.lies else ""
        card = card_after(self.act, PeopleSeen(roster, self.own.script, name, self.words, done.issues))
        ending = len(roster.listed("ending"))
        access = replace(self.access, ending=ending, desk="" if card is None else write_people_card(card))
        return replace(done, record=self._kept(with_next_card(self.record), access))

    def unchanged(self, *effects: Toast) -> Decision:
        """The same card."""
        return Decision(self._kept(self.record, self.access), effects)

    def closed(self) -> Decision:
        """The chat, locked: an administrator has tapped the PIN a moment ago, and did not pick up an open phone."""
        said = Entry(self.visit.at, self.access.who, What.LOCKED)
        record = self._kept(with_next_card(self.record), locked(self.access, self.record))
        return Decision(record, (Toast("people-pin"),), (said,))

    def _kept(self, record: Record, access: Access) -> Record:
        return self.own.turns.kept_beside(replace(record, active=self.visit.at), access, at=self.visit.at)

    def _done(self, everybody: Everybody) -> Decision:
        """What the act does to others; where that may not be done, or not any more, nothing is and it is said."""
        nothing = Decision(self.record, ())
        match self.act.deed:
            case PeopleDeed.RENEW_ALL:
                return self._all_renewed(everybody)
            case PeopleDeed.INVITE:
                return self._invited(nothing)
            case PeopleDeed.WITHDRAW:
                return self._withdrawn(everybody, nothing)
            case (
                PeopleDeed.RENEW
                | PeopleDeed.UNLOCK
                | PeopleDeed.LOCK
                | PeopleDeed.NEW_PIN
                | PeopleDeed.ROLE
                | PeopleDeed.REMOVE
            ):
                return self._changed(everybody, nothing)
            case PeopleDeed.HOME | PeopleDeed.LIST | PeopleDeed.PERSON | PeopleDeed.HOW | PeopleDeed.CLOSE:
                return nothing
            case PeopleDeed.ASK_PIN | PeopleDeed.ASK_REMOVE | PeopleDeed.ROLES:
                return nothing
            case PeopleDeed.OFFERS | PeopleDeed.OFFER | PeopleDeed.SEVERAL:
                return nothing
        assert_never(self.act.deed)

    def _changed(self, everybody: Everybody, nothing: Decision) -> Decision:
        """What is done to one person."""
        deed, (who, _, role) = self.act.deed, self.act.about.partition(":")
        colleague = self._roster(everybody).find(who)
        if colleague is None or deed not in deeds_on(colleague) or (deed is PeopleDeed.ROLE and role not in GIVEN):
            return _gone(nothing)
        decide = DONE[deed](self, role)
        made = next((decide(each) for each in everybody.records if _is(each, who)), None)
        if not isinstance(made, Decision):
            return _gone(nothing)
        said = _said(deed, ("date", self._until()))
        return replace(nothing, effects=said, entries=made.entries, others=(made.record,), forgets=made.forgets)

    def _withdrawn(self, everybody: Everybody, nothing: Decision) -> Decision:
        who = self.act.about
        if self._roster(everybody).find_awaited(who) is None:
            return _gone(nothing)
        texts = tuple(text for text, _ in everybody.invitations if read_invitation(text).who == who)
        said = Entry(self.visit.at, self.access.who, What.WITHDRAWN, who)
        return replace(nothing, effects=_said(PeopleDeed.WITHDRAW), entries=(said,), withdraws=texts)

    def _all_renewed(self, everybody: Everybody) -> Decision:
        chosen = {each.who for each in self._roster(everybody).renewable()}
        made = [decided for each in everybody.records if _who(each) in chosen and (decided := self.extend(each))]
        entries = tuple(entry for each in made for entry in each.entries)
        said = _said(PeopleDeed.RENEW_ALL, ("date", self._until()), ("count", str(len(made))))
        return Decision(self.record, said, entries, others=tuple(each.record for each in made))

    def extend(self, record: Record) -> Decision | None:
        """Renew somebody, by this administrator."""
        made = extension(self.visit.at, self.terms, by=self.access.who)(record)
        return made if isinstance(made, Decision) else None

    @property
    def terms(self) -> Terms:
        """How long things last."""
        return self.own.turns.door.terms

    def _invited(self, nothing: Decision) -> Decision:
        role, _, number = self.act.about.partition(":")
        if self.lies is None or not self.lies.name or role not in GIVEN:
            return _gone(nothing)
        first, at = Invitation(self.who, Role(role), self.lies.name), self.visit.at
        drawn = drawn_from(self.visit.random_bytes, first, number=int(number or 1))
        said = tuple(Entry(at, self.access.who, What.INVITED, each.who) for each, _ in drawn)
        return replace(
            nothing, entries=said, issues=tuple(Issued(code, each.text(), at + VALID) for each, code in drawn)
        )

    def _roster(self, everybody: Everybody) -> Roster:
        return roster_of(everybody, self.access.who, now=self.visit.at, terms=self.terms)

    def _until(self) -> str:
        return in_words((self.visit.at + self.terms.renewal).astimezone(LONDON).date())


Doing = Callable[[PeopleTurn, str], Decide]

DONE: dict[PeopleDeed, Doing] = {
    PeopleDeed.RENEW: lambda turn, _: extension(turn.visit.at, turn.terms, by=turn.access.who),
    PeopleDeed.UNLOCK: lambda turn, _: unlocking(turn.visit.at, by=turn.access.who),
    PeopleDeed.LOCK: lambda turn, _: locking(turn.visit.at, by=turn.access.who),
    PeopleDeed.NEW_PIN: lambda turn, _: renewal(turn.visit.at, turn.terms, has_new_pin=True, by=turn.access.who),
    PeopleDeed.ROLE: lambda turn, role: giving_role(Role(role), turn.visit.at, by=turn.access.who),
    PeopleDeed.REMOVE: lambda turn, _: removal(turn.visit.at, by=turn.access.who),
}
"""How each deed changes the record of whom it is about; a role is named with them."""


def _after(everybody: Everybody, done: Decision) -> Everybody:
    """Everybody once the turn has changed them."""
    changed = {each.person: each for each in done.others}
    offers = [offer for offer in everybody.invitations if offer[0] not in done.withdraws]
    offers += [(each.text, each.until) for each in done.issues]
    return Everybody(tuple(changed.get(each.person, each) for each in everybody.records), tuple(offers))


def _who(record: Record) -> str:
    access = read_access(record.access)
    return access.who if isinstance(access, Access) else ""


def _is(record: Record, who: str) -> bool:
    return _who(record) == who != ""


def _said(deed: PeopleDeed, *values: tuple[str, str]) -> tuple[Toast, ...]:
    return (Toast(f"people-{deed}", values),)


def _gone(nothing: Decision) -> Decision:
    return replace(nothing, effects=(Toast("people-gone"),))
