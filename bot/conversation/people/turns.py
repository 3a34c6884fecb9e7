"""An administrator's event about people, and the check that they have the right. Most events first need a look-up of everybody.

The look-up happens outside the transaction, where nobody waits for it; the change is then made in a turn (ADR 0057).
"""

from dataclasses import dataclass, field, replace
from typing import assert_never

from bot.access.account import Account, Terms
from bot.access.admission import LONGEST_NAME
from bot.access.lock_screen import Visit
from bot.conversation.people.deeds import Asked
from bot.conversation.people.rosters import PeopleSeen, RosterRow, card_after
from bot.conversation.records import with_next_card
from bot.conversation.talk import Talk
from bot.storage.values import Decision, NeedsEverybody, Record
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.acts import Administer, PeopleDeed, act_of
from dialogs.core.events import Began, Commanded, Event, Ignored, Lapsed, Noted, Pressed, Typed
from dialogs.core.replies import Toast
from dialogs.people.cards import PeopleCard, read_people_card, write_people_card
from dialogs.people.roster import Roster

HOME, NAMED = Administer(PeopleDeed.HOME), Administer(PeopleDeed.HOME, "named")
"""The first card, and the search for the label on the card."""

NOBODY = Roster((), ())
OF_NOBODY = (PeopleDeed.CLOSE, PeopleDeed.HOW)
"""Acts that need no look-up of people."""


@dataclass(frozen=True, slots=True)
class PeopleTurn:
    """One event of an administrator whose chat is open.

    `account` is their account, updated by this event; `audit_id` is a new id, used if somebody is invited.
    """

    talk: Talk
    terms: Terms
    record: Record
    account: Account
    visit: Visit
    audit_id: str = field(repr=False)

    def answer(self, event: Event) -> Decision | NeedsEverybody[RosterRow] | None:
        """Answer an event about people. Return None for any other event."""
        card, opened = read_people_card(self.account.people_card), self.account.door.opened
        match event:
            case Commanded(_, "people", _) if opened and self.visit.at - opened >= self.terms.lock:
                return self.closed()
            case Commanded(_, "people", words):
                return self.called(words.strip())
            case Pressed(_, token, code) if card is not None:
                act = act_of(code)
                if token != self.record.card or not card.has(code):
                    return self.unchanged(Toast("stale" if token != self.record.card else "no-button"))
                return self.asked(act, name=card.name) if isinstance(act, Administer) else self.unchanged()
            case Typed() | Noted() if card is not None:
                return self.unchanged(Toast("typed"))
            case Ignored(_, kind) if card is not None:
                return self.unchanged(Toast(f"ignored-{kind}"))
            case Began() | Commanded() | Pressed() | Typed() | Noted() | Ignored() | Lapsed():
                return None
        assert_never(event)

    def called(self, words: str) -> NeedsEverybody[RosterRow]:
        """Return a request for the first card, or for the people that the words name."""
        if len(words) > LONGEST_NAME or not words.isprintable():
            return self._asked(HOME, said=(Toast("people-long", (("most", str(LONGEST_NAME)),)),))
        return self._asked(NAMED if words else HOME, words=words, name=words)

    def asked(self, act: Administer, *, name: str) -> Decision | NeedsEverybody[RosterRow]:
        """Answer a button; `name` is the label of a person to invite."""
        if act.deed in OF_NOBODY:
            return self._laid(card_after(act, PeopleSeen(NOBODY, self.talk.script)))
        return self._asked(act, words=name if act == NAMED else "", name=name)

    def unchanged(self, *effects: Toast) -> Decision:
        """Return the decision that keeps the card."""
        return Decision(self._kept(self.record, self.account), effects)

    def closed(self) -> Decision:
        """Return the decision that locks the chat: the PIN must have been entered recently, so that a phone left open gives no
        access to people.
        """
        said = Entry(self.visit.at, self.account.audit_id, AuditEvent.LOCKED)
        record = self._kept(with_next_card(self.record), self.account.locked(self.record.phase))
        return Decision(record, (Toast("people-pin"),), (said,))

    def _asked(
        self, act: Administer, *, words: str = "", name: str = "", said: tuple[Toast, ...] = ()
    ) -> NeedsEverybody[RosterRow]:
        ids = (self.record.card, self.account.audit_id, self.audit_id)
        return NeedsEverybody(self.visit.at, Asked(self.talk, self.terms, self.visit, *ids, act, words, name, said))

    def _laid(self, card: PeopleCard | None) -> Decision:
        """Return the decision that shows this card of people, or closes it (None)."""
        account = replace(self.account, people_card="" if card is None else write_people_card(card))
        return Decision(self._kept(with_next_card(self.record), account), ())

    def _kept(self, record: Record, account: Account) -> Record:
        return self.talk.kept(replace(record, active=self.visit.at), account, at=self.visit.at, terms=self.terms)
