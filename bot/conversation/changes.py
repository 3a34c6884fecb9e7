"""Changes to a person that an operator or administrator makes: remove, lock, unlock, renew, give a role, hold a case."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.access.account import Account, Removed, Terms, Unreadable, read_account, written
from bot.access.due import locks_at, with_account
from bot.conversation.records import with_next_card, without_case
from bot.conversation.shared_cards import DECLINED, OVER, told_each
from bot.runtime.clock import EPOCH
from bot.storage.cases import Retied, Tied
from bot.storage.values import Decision, PersonForgotten, Record
from bot.trail.audit import OPERATOR, AuditEvent
from bot.trail.chain import Entry
from dialogs.core.role import ADMINISTERING, GIVEN, ROWS, Role
from dialogs.core.ties import PersonLeft, RoleChanged, TieKind

NOTHING_REMEMBERED = "{}"
TEAM_MANAGER = "team-manager"  # the news that somebody was named as the manager of a team


class RecordChange(Protocol):
    """A change of one person's record, which is decided from this record alone. A removal also tells those who read their cases."""

    def __call__(self, record: Record, lookup: Any = None, /) -> Decision | None:
        """Return the decision, or None if nothing would change."""


GIVING: Mapping[Role, AuditEvent] = {role: AuditEvent(ROWS[role].given_as) for role in GIVEN}
"""For each role that can be given, its audit event. If the audit has no such event, the program does not start."""


def removal(at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Return the change that ends a person's access for good, and erases each of their cases at once unless it is on hold.

    Everything else that was stored about them is deleted too: their profile, rehearsal, reminders, rooms and sign-ins.
    """

    def decide(record: Record, lookup: Any = None) -> Decision | None:
        """Return None if the person was removed before, or was never admitted."""
        account = read_account(record.access)
        if account is None or isinstance(account, Removed):
            return None
        # An account that cannot be read may have been an administrator's.
        was_admin = isinstance(account, Unreadable) or account.admission.role in ADMINISTERING
        removed = Removed(was="" if isinstance(account, Unreadable) else account.audit_id, was_admin=was_admin)
        said = Entry(at, by, AuditEvent.REMOVED, removed.was)
        after, entries = record, list[Entry]()
        for head in record.heads:
            if not head.held:
                after = without_case(after, head.reference)
                entries.append(Entry(at, by, AuditEvent.ERASED_ON_REMOVAL, head.reference))
        # What others hold is theirs; whoever leaves sees it no more.
        own = [each for each in record.tied if each.head.holder == record.person]
        left = [Retied(each.mark, PersonLeft(record.person)) for each in record.tied if each not in own]
        # Nobody reads what the leaver held, even where a hold keeps it: only two people at the machine can export that.
        left += [Retied(each.mark, PersonLeft(person)) for person, each, _ in _readers(own) if each.head.held]
        told = told_each([*_readers(own), *_askers(record, own)], lookup, at=at, terms=Terms())
        forgotten = PersonForgotten(record.person, removed.was)
        return Decision(_gone(after, removed), (), (said, *entries, *left, *told, forgotten))

    return decide


def _readers(cases: Sequence[Tied]) -> list[tuple[str, Tied, str]]:
    """Return everybody but their holder who is tied to these cases, with the news that it is over."""
    return [(tie.person, each, OVER) for each in cases for tie in each.sharing.ties if tie.kind is not TieKind.HOLDER]


def _askers(record: Record, but: Sequence[Tied] = ()) -> list[tuple[str, Tied, str]]:
    """Return whoever waits for an answer of this person, with the news that they cannot give it."""
    asked = [each for each in record.tied if each not in but and each.tie.kind.is_request]
    return [(each.head.holder, each, DECLINED) for each in asked]


def locking(at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Return the change that locks a person's chat at once. A locked chat stays unchanged."""
    return _changing(
        AuditEvent.LOCKED, at, by, lambda account, phase: None if account.door.is_locked else account.locked(phase)
    )


def staying(at: datetime, terms: Terms) -> RecordChange:
    """Return the change after which an open chat locks as late as if the person had acted now. Nothing else changes."""

    def decide(record: Record, _: object = None) -> Decision | None:
        account = read_account(record.access)
        if not isinstance(account, Account) or locks_at(account, at, terms=terms) is None:
            return None
        return Decision(with_account(record, account.used(at), at=at, terms=terms))

    return decide


def unlocking(at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Return the change that sets the count of wrong PINs to 0, so that the person's own PIN opens the chat again."""

    def unlock(account: Account, phase: str) -> Account | None:
        return replace(account, pin=account.pin.forgiven()).locked(phase) if account.pin.tries else None

    return _changing(AuditEvent.UNLOCKED, at, by, unlock)


def giving_role(role: Role, at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Return the change that gives a person another role from their next event on. They keep their case.

    The chat locks, since the new role may be barred from what is on screen. Nobody can be made an administrator in this way.
    """
    assert role in GIVING, "an administrator comes in by an invitation of their own"

    def give(account: Account, phase: str) -> Account | None:
        return None if account.admission.role is role else account.given(role, phase=phase)

    change = _changing(GIVING[role], at, by, give)

    def decide(record: Record, lookup: Any = None) -> Decision | None:
        given = change(record, lookup)
        if given is None:
            return None
        retied = [Retied(each.mark, RoleChanged(record.person, role)) for each in record.tied]
        allowed = [(each, each.tie.allowed(role, at)) for each in record.tied]
        stays = [each for each, left in allowed if left is not None and left.kind is each.tie.kind]
        told = told_each(_askers(record, but=stays), lookup, at=at, terms=Terms())
        return replace(given, writes=(*given.writes, *retied, *told))

    return decide


def labelling(name: str, at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Return the change of the label by which the list of people names a person."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Return None if the label is already this one, or if the person was removed and so has no label."""
        account = read_account(record.access)
        if not isinstance(account, Account) or account.admission.name == name:
            return None
        said = Entry(at, by, AuditEvent.LABELLED, account.audit_id)
        labelled = replace(account, admission=replace(account.admission, name=name))
        return Decision(replace(record, access=written(labelled)), (), (said,))

    return decide


def renewal(at: datetime, terms: Terms, *, has_new_pin: bool, by: str = OPERATOR) -> RecordChange:
    """Return the change that renews an admission and forgives wrong PINs. With `has_new_pin`, the person must choose a PIN first."""
    return _changing(
        AuditEvent.RENEWED, at, by, lambda account, _: account.renewed(at, terms=terms, has_new_pin=has_new_pin)
    )


def extension(at: datetime, terms: Terms, *, by: str = OPERATOR) -> RecordChange:
    """Return the change that renews an admission and nothing else. A chat that wrong PINs have barred stays barred."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Return None if the person was removed, since a removal is final."""
        account = read_account(record.access)
        if not isinstance(account, Account):
            return None
        said = Entry(at, by, AuditEvent.RENEWED, account.audit_id)
        # The card stays, and the chat is not locked: many are renewed at once, and somebody may be in the middle of a
        # case (ADR 0057).
        return Decision(replace(record, access=written(account.extended(at, terms=terms)), due=at), (), (said,))

    return decide


def _changing(
    what: AuditEvent, at: datetime, by: str, change: Callable[[Account, str], Account | None]
) -> RecordChange:
    """Return the change to what `change` returns for an account and its case's phase, with an audit entry. None means no change."""

    def decide(record: Record, _: object = None) -> Decision | None:
        account = read_account(record.access)
        after = change(account, record.phase) if isinstance(account, Account) else None
        if after is None:
            return None
        return Decision(_kept(record, after, at=at), (), (Entry(at, by, what, after.audit_id),))

    return decide


def holding(reference: str, at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Return the change that puts the case of this reference on hold. Nothing erases it until the hold is lifted."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Return None if it is on hold already, or if there is no case of this reference any more."""
        account, head = read_account(record.access), record.head_of(reference)
        if account is None or isinstance(account, Unreadable) or head is None or head.held:
            return None
        said = Entry(at, by, AuditEvent.HOLD_SET, reference)
        return Decision(_kept(_with_held(record, reference, is_held=True), account, at=at), (), (said,))

    return decide


def letting_go(reference: str, at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Return the change that lifts the hold on a case. Its term applies again; the case of a removed person is erased at once."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Return None unless the case of this reference is on hold."""
        account, head = read_account(record.access), record.head_of(reference)
        if account is None or isinstance(account, Unreadable) or head is None or not head.held:
            return None
        said, after = Entry(at, by, AuditEvent.HOLD_LIFTED, reference), _with_held(record, reference, is_held=False)
        if isinstance(account, Account):
            return Decision(_kept(after, account, at=at), (), (said,))
        erased = Entry(at, by, AuditEvent.ERASED_ON_REMOVAL, reference)
        return Decision(_gone(without_case(after, reference), account), (), (said, erased))

    return decide


def _with_held(record: Record, reference: str, *, is_held: bool) -> Record:
    heads = tuple([replace(head, held=is_held) if head.reference == reference else head for head in record.heads])
    return replace(record, heads=heads)


def telling(news: str, at: datetime) -> RecordChange:
    """Return the change that sends a person this news at once, even if their admission is over. A removed person gets none."""

    def decide(record: Record, _: object = None) -> Decision | None:
        account = read_account(record.access)
        return Decision(with_news(record, account, news, at=at), ()) if isinstance(account, Account) else None

    return decide


def erasure(reference: str, at: datetime, *, by: str) -> RecordChange:
    """Return the change that erases the case of this reference once more, after a restored backup brought it back."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Return None if there is no case of this reference, or if it is on hold."""
        account, head = read_account(record.access), record.head_of(reference)
        if not isinstance(account, Account) or head is None or head.held:
            return None
        account = account.emptied() if record.hand == reference else account
        erased = _kept(without_case(record, reference), account, at=at)
        return Decision(erased, (), (Entry(at, by, AuditEvent.ERASED, reference),))

    return decide


def with_news(record: Record, account: Account, news: str, *, at: datetime) -> Record:
    """Return the record with this news, which the running bot sends in a new message at once, even if the card is hidden."""
    return _kept(record, account.with_news(news), at=at)


def _kept(record: Record, account: Account | Removed, *, at: datetime) -> Record:
    """Return the record with this account. Its card has a new token, so that earlier buttons do nothing, and it is due at once."""
    return replace(with_next_card(record), access=written(account), due=at)


def _gone(record: Record, removed: Removed) -> Record:
    """Return the record of a removed person, which has nothing but the account. It is due at once, so that the bot clears the chat."""
    forgotten = replace(with_next_card(record), profile=NOTHING_REMEMBERED, rehearsal="")
    # Always due: the true time would reveal when the person was removed.
    return replace(forgotten, access=written(removed), active=None, due=EPOCH)
