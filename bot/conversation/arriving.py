"""The decision about a person who signed in with their organisation: they are admitted, renewed or refused."""

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
    """The result of a sign-in. People who were never admitted and whose groups give them no role get none."""

    SIGNED_IN = auto()
    TURNED_AWAY = auto()  # their account cannot be used, or their groups no longer give them a role


@dataclass(frozen=True, slots=True)
class Arriving:
    """The decision about a person who signed in, which is called with their record.

    `role` is what the groups in the sign-in give the person, or None. If `opens` is True, the sign-in
    opens chats, and there are no PINs. `who` is a random id, which is used if the person is new.
    """

    conversation: Conversation
    sign_in: SignIn
    at: datetime
    role: Role | None
    who: str
    opens: bool

    def __call__(self, record: Record, _: object = None) -> Decision | None:
        """Return the decision, or None for a new person whose groups give them no role."""
        account = read_account(record.access)
        entries: tuple[Entry, ...] = ()
        if account is None:
            if self.role is None:
                return None
            # The entry records the role, since nobody invited them. A first administrator is admitted without an invitation
            # too.
            record, entries = without_stray_case(record, at=self.at)
            entries += (Entry(self.at, self.who, AuditEvent.ADMITTED, role=self.role),)
            account = admitted(Invitation(self.who, self.role), self.at, terms=self.conversation.door.terms)
            account = replace(account, admission=replace(account.admission, is_vouched=True))
        elif not isinstance(account, Account) or (account.admission.is_vouched and self.role is None):
            # Refused; an open chat locks.
            away = (Welcome.TURNED_AWAY,)
            if not isinstance(account, Account) or account.door.is_locked:
                return Decision(record, away)
            shut = self._kept(with_next_card(record), account.locked(record.phase))
            return Decision(shut, away, (self._said(account, AuditEvent.LOCKED),))
        elif account.admission.is_vouched and self.role is not None:
            if account.admission.role is not self.role:
                # Locked as with every change of role: the new role may not see an open card (ADR 0057).
                account = account.given(self.role, phase=record.phase)
                entries = (self._said(account, GIVING[self.role]),)
            account = account.extended(self.at, terms=self.conversation.door.terms)
        if not self.opens:
            account = replace(account, pin=replace(account.pin, opens_by_sign_in=False))
        # After five wrong PINs an administrator has to look, whatever the sign-in says.
        elif account.pin.tries < MOST_TRIES:
            pin = replace(account.pin, opens_by_sign_in=True, hash="", pending="")
            account = replace(account, pin=pin).opened(self.at)
        after = self._kept(replace(with_next_card(record), active=self.at), account)
        said = (*entries, self._said(account, AuditEvent.SIGNED_IN))
        return Decision(after, (Welcome.SIGNED_IN,), (*said, self.sign_in))

    def _said(self, account: Account, what: AuditEvent) -> Entry:
        return Entry(self.at, account.audit_id, what)

    def _kept(self, record: Record, account: Account) -> Record:
        return with_account(record, account, at=self.at, terms=self.conversation.door.terms)
