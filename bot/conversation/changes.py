"""What an administrator does to somebody: remove, lock, unlock, renew, give a role; hold their case and let it go. Pure functions.

Each is answered within a turn, by what is kept at that moment; one that has nothing to change changes nothing. The audit says
`by` whom it was done: at the machine, or by an administrator in the chat. It refuses to know how the person was found, and
what is printed.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol, assert_never

from bot.access.account import Account, Removed, Terms, Unreadable, read_account, written
from bot.conversation.records import caseless, reference_of, with_next_card
from bot.runtime.clock import EPOCH
from bot.storage.values import Decision, PersonForgotten, Record
from bot.trail.audit import OPERATOR, AuditEvent
from bot.trail.chain import Entry
from dialogs.core.role import GIVEN, ROWS, Role

NOTHING_REMEMBERED = "{}"


class RecordChange(Protocol):
    """What changes somebody by their record alone, whatever a turn may look up."""

    def __call__(self, record: Record, _: object = None, /) -> Decision | None:
        """Return what it comes to; None where there is nothing to change."""
        ...


GIVING: Mapping[Role, AuditEvent] = {role: AuditEvent(ROWS[role].given_as) for role in GIVEN}
"""What the audit is told of a role that somebody is given. A word that it does not have stops the start."""


def removal(at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Take somebody's access away for good. Their case goes at once unless it is held; so do what was remembered, their
    reminders, and the rooms and pairs that they were in.
    """

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nothing to do for somebody who was removed before."""
        account = read_account(record.access)
        if account is None or isinstance(account, Removed):
            return None
        removed = _removed(account)
        said = Entry(at, by, AuditEvent.REMOVED, removed.was)
        if record.case is not None and isinstance(account, Account) and account.held:
            held = replace(removed, held=account.held)
            return Decision(_gone(record, held), (), (said, PersonForgotten(record.person)))
        gone = _gone(caseless(record), removed)
        return Decision(gone, (), (said, *_erased(record, at, by=by), PersonForgotten(record.person)))

    return decide


def locking(at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Lock somebody's chat at once; nothing to do where it is locked."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nothing to do for somebody who was removed or is locked."""
        account = read_account(record.access)
        if not isinstance(account, Account) or account.door.is_locked:
            return None
        said = Entry(at, by, AuditEvent.LOCKED, account.audit_id)
        return Decision(_kept(record, account.locked(record.phase), at=at), (), (said,))

    return decide


def unlocking(at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Forgive somebody's wrong PINs, so that they can tap theirs again; nothing to do where none is to be forgiven."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nothing to do for somebody who was removed, or whose PIN was right."""
        account = read_account(record.access)
        if not isinstance(account, Account) or not account.pin.tries:
            return None
        said = Entry(at, by, AuditEvent.UNLOCKED, account.audit_id)
        return Decision(
            _kept(record, replace(account, pin=account.pin.forgiven()).locked(record.phase), at=at), (), (said,)
        )

    return decide


def giving_role(role: Role, at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Give somebody another role, which counts from their next message; what they began stays theirs.

    The chat locks, so that nothing stands open that the new role may not see. Nobody is made an administrator by this.
    """
    assert role in GIVING, "an administrator comes in by an invitation of their own"

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nothing to do for somebody who was removed, or has that role."""
        account = read_account(record.access)
        if not isinstance(account, Account) or account.admission.role is role:
            return None
        said = Entry(at, by, GIVING[role], account.audit_id)
        return Decision(_kept(record, account.given(role, phase=record.phase), at=at), (), (said,))

    return decide


def labelling(name: str, at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Call somebody otherwise in the list of people; nothing to do where they are called so."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nothing to do for somebody who was removed: their label went with them."""
        account = read_account(record.access)
        if not isinstance(account, Account) or account.admission.name == name:
            return None
        said = Entry(at, by, AuditEvent.LABELLED, account.audit_id)
        return Decision(
            replace(record, access=written(replace(account, admission=replace(account.admission, name=name)))),
            (),
            (said,),
        )

    return decide


def renewal(at: datetime, terms: Terms, *, has_new_pin: bool, by: str = OPERATOR) -> RecordChange:
    """Renew somebody's admission, and forgive wrong PINs; with a new PIN they choose one before anything is shown."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nothing to do for somebody who was removed: that stays."""
        account = read_account(record.access)
        if not isinstance(account, Account):
            return None
        said = Entry(at, by, AuditEvent.RENEWED, account.audit_id)
        after = account.renewed(at, terms=terms, has_new_pin=has_new_pin)
        return Decision(_kept(record, after, at=at), (), (said,))

    return decide


def extension(at: datetime, terms: Terms, *, by: str = OPERATOR) -> RecordChange:
    """Renew somebody's admission and nothing else, as where many are renewed at once. A barred chat stays barred."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nothing to do for somebody who was removed: that stays."""
        account = read_account(record.access)
        if not isinstance(account, Account):
            return None
        said = Entry(at, by, AuditEvent.RENEWED, account.audit_id)
        # The same card, and no lock: many are renewed at once, and somebody may be in the middle of a case (ADR 0057).
        return Decision(replace(record, access=written(account.extended(at, terms=terms)), due=at), (), (said,))

    return decide


def holding(reference: str, at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Keep the case of this reference until the hold is lifted, whatever would erase it."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nothing to do where it is held, or is not there any more."""
        account = read_account(record.access)
        if account is None or isinstance(account, Unreadable) or account.held or reference_of(record) != reference:
            return None
        said = Entry(at, by, AuditEvent.HOLD_SET, reference)
        return Decision(_kept(record, account.with_held(reference), at=at), (), (said,))

    return decide


def letting_go(reference: str, at: datetime, *, by: str = OPERATOR) -> RecordChange:
    """Lift the hold: the terms count again. A case that was kept of a removed person is erased then and there."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nothing to do where nothing is held by this reference."""
        account = read_account(record.access)
        if account is None or isinstance(account, Unreadable) or account.held != reference:
            return None
        said = Entry(at, by, AuditEvent.HOLD_LIFTED, reference)
        match account:
            case Removed():
                after = _gone(caseless(record), account.with_held(""))
                return Decision(after, (), (said, *_erased(record, at, by=by)))
            case Account():
                return Decision(_kept(record, account.with_held(""), at=at), (), (said,))
            case _:
                assert_never(account)

    return decide


def telling(news: str, at: datetime) -> RecordChange:
    """Tell somebody something at once, whether or not their access has run out."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nobody is told who was removed."""
        account = read_account(record.access)
        return Decision(with_news(record, account, news, at=at), ()) if isinstance(account, Account) else None

    return decide


def erasure(reference: str, at: datetime, *, by: str) -> RecordChange:
    """Erase the case of this reference, as it was erased before a backup brought it back."""

    def decide(record: Record, _: object = None) -> Decision | None:
        """Nothing to do where it is not there, or is held."""
        account = read_account(record.access)
        if not isinstance(account, Account) or account.held or reference_of(record) != reference:
            return None
        return Decision(
            _kept(caseless(record), account.without_case(), at=at), (), (Entry(at, by, AuditEvent.ERASED, reference),)
        )

    return decide


def with_news(record: Record, account: Account, news: str, *, at: datetime) -> Record:
    """The record of somebody who is told something at once: the running bot says it in a new message, also in an empty chat."""
    return _kept(record, account.with_news(news), at=at)


def _kept(record: Record, account: Account | Removed, *, at: datetime) -> Record:
    """The record with a standing and a card of which no earlier button counts. It is due: the bot shows what was changed."""
    return replace(with_next_card(record), access=written(account), due=at)


def _removed(account: Account | Unreadable) -> Removed:
    """What is left of somebody once they are removed."""
    if isinstance(account, Unreadable):
        return Removed(was_admin=True)  # they may have been one, for all that can be read
    return Removed(was=account.audit_id, was_admin=account.admission.role is Role.ADMIN)


def _gone(record: Record, removed: Removed) -> Record:
    """The record of somebody who may not use the bot: nothing is remembered of them but the random id that the audit has, and
    no time. It is due: the bot clears their chat.
    """
    forgotten = replace(with_next_card(record), profile=NOTHING_REMEMBERED, rehearsal="")
    # Due since ever: the true time would say when somebody was removed.
    return replace(forgotten, access=written(removed), active=None, due=EPOCH)


def _erased(record: Record, at: datetime, *, by: str) -> tuple[Entry, ...]:
    """What the audit is told of the case that went with its person, if there was one."""
    if record.case is None:
        return ()
    return (Entry(at, by, AuditEvent.ERASED_ON_REMOVAL, reference_of(record)),)
