"""Somebody comes from their organisation's sign-in: let in, let on or turned away, in one turn. It knows no browser and no token."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum, auto

from bot.access.account import MOST_TRIES, Account, read_account
from bot.access.admission import Invitation, admitted
from bot.access.due import with_account
from bot.conversation.changes import GIVING
from bot.conversation.conversation import Conversation
from bot.conversation.records import with_next_card, without_stray_case
from bot.storage.values import Decision, Record, SignIn
from bot.trail.audit import AuditEvent
from bot.trail.chain import Entry
from dialogs.core.role import Role


class Welcome(StrEnum):
    """How somebody was received. One who was never admitted, and for whom nobody vouches, gets no answer and no row."""

    SIGNED_IN = auto()
    TURNED_AWAY = auto()
    """They were removed, or are no longer vouched for."""


@dataclass(frozen=True, slots=True)
class Arriving:
    """The answer to somebody who signed in, as a function of their record.

    `role` is what their organisation's sign-in vouches for, if anything. Where it `opens` chats, there are no PINs. `who` was
    drawn at random before, for somebody new.
    """

    conversation: Conversation
    sign_in: SignIn
    at: datetime
    role: Role | None
    who: str
    opens: bool

    def __call__(self, record: Record, _: object = None) -> Decision | None:
        """The record of somebody who is signed in."""
        account = read_account(record.access)
        if account is None:
            return None if self.role is None else self._let_in(record, self.role)
        if not isinstance(account, Account) or (account.admission.is_vouched and self.role is None):
            return self._turned_away(record, account)
        entries: tuple[Entry, ...] = ()
        if account.admission.is_vouched and self.role is not None:
            if account.admission.role is not self.role:
                # Locked as with every change of role: nothing stands open that the new one may not see (ADR 0057).
                account = account.given(self.role, phase=record.phase)
                entries = (self._said(account, GIVING[self.role]),)
            account = account.extended(self.at, terms=self.conversation.door.terms)
        return self._signed_in(record, account, entries)

    def _let_in(self, record: Record, role: Role) -> Decision:
        """Somebody new, by the role that they are vouched for."""
        own, entries = without_stray_case(record, at=self.at)
        new = admitted(Invitation(self.who, role), self.at, terms=self.conversation.door.terms)
        account = replace(new, admission=replace(new.admission, is_vouched=True))
        # With the role: nobody invited them, and a first administrator is let in without an invitation too.
        let_in = Entry(self.at, self.who, AuditEvent.ADMITTED, role=role)
        return self._signed_in(own, account, (*entries, let_in))

    def _signed_in(self, record: Record, account: Account, entries: tuple[Entry, ...]) -> Decision:
        account = self._opened(account)
        after = self._kept(replace(with_next_card(record), active=self.at), account)
        said = (*entries, self._said(account, AuditEvent.SIGNED_IN))
        return Decision(after, (Welcome.SIGNED_IN,), (*said, self.sign_in))

    def _turned_away(self, record: Record, account: object) -> Decision:
        """Not signed in; what stood open is locked."""
        away = (Welcome.TURNED_AWAY,)
        if not isinstance(account, Account) or account.door.is_locked:
            return Decision(record, away)
        shut = self._kept(with_next_card(record), account.locked(record.phase))
        return Decision(shut, away, (self._said(account, AuditEvent.LOCKED),))

    def _opened(self, account: Account) -> Account:
        """The standing with or without a PIN, as the settings say now. Whom an administrator has to let on stays shut."""
        if not self.opens:
            return replace(account, pin=replace(account.pin, opens_by_sign_in=False))
        # Five wrong PINs are for an administrator to look at, whatever the sign-in says.
        if account.pin.tries >= MOST_TRIES:
            return account
        return replace(account, pin=account.pin.opened_by_sign_in()).opened(self.at)

    def _said(self, account: Account, what: AuditEvent) -> Entry:
        return Entry(self.at, account.audit_id, what)

    def _kept(self, record: Record, account: Account) -> Record:
        return with_account(record, account, at=self.at, terms=self.conversation.door.terms)
