"""Deletion of data past its retention time, by the bot and by `purge`: cases, event keys, codes, rooms, months of the audit."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.access.account import Account, Removed, read_account, written
from bot.access.due import is_over
from bot.conversation.conversation import Conversation
from bot.conversation.records import with_next_card
from bot.runtime.errors import DamagedValue
from bot.runtime.person_id import FORGOTTEN, PersonId
from bot.storage.store import Store
from bot.storage.tables import Tables
from bot.storage.values import (
    Decided,
    Decision,
    Done,
    Inbound,
    KeyOnly,
    Located,
    Lookup,
    Outcome,
    Record,
    Refused,
    Repeated,
    Shown,
    Slice,
    Sorting,
)
from dialogs.core.events import Lapsed

KEYS_KEPT = timedelta(days=8)  # for how long an event's key is stored, by which a repeat is recognised
REMINDERS_KEPT = timedelta(days=30)  # for how long a reminder is stored after the day on which it was due
UNREACHED = timedelta(days=7)  # the age from which a card is taken to be no longer removable from its chat


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many event keys, invitation codes and audit entries were deleted."""

    events: int
    codes: int
    entries: int = 0


async def pass_time(
    store: Store, conversation: Conversation, *, person: str, now: datetime, old_card: int | None = None
) -> Outcome:
    """Carry out everything due for one person, in one turn. Their card may be removed as too old only if it is still `old_card`."""
    occasion = conversation.occasion()
    young, old = (conversation.decide(Lapsed(occasion, is_old=is_old)) for is_old in (False, True))

    def decide(record: Record, lookup: Lookup) -> Decided:
        # A newer card may be unread, and is not removed.
        return (old if record.card == old_card else young)(record, lookup)

    # A random key, so that this never counts as a repeat of an earlier event.
    (outcome,) = await store.turns([Inbound(f"time:{secrets.token_hex(8)}", now, person, decide, None)])
    return outcome


async def bring_back(store: Store, person: str, *, left: datetime, now: datetime) -> Outcome:
    """Show a card in a chat where it was hidden, in one turn. It says that messages sent before `left` may still be there."""

    def decide(record: Record, _: object) -> Decision | None:
        account = read_account(record.access)
        if not isinstance(account, Account):
            return None
        access = written(replace(account.shown(), notices=replace(account.notices, left=left)))
        return Decision(replace(with_next_card(record), access=access), ())

    (outcome,) = await store.turns([Inbound(f"back:{secrets.token_hex(8)}", now, person, decide, None)])
    return outcome


async def forget(store: Store, now: datetime, *, audit_months: int) -> Forgotten:
    """Delete data that is past its retention time, except cases."""
    month = months_before(now, audit_months)

    def delete(tables: Tables) -> Forgotten:
        tables.reminders.forget_before(now - REMINDERS_KEPT)
        tables.rooms.forget_expired(now)
        tables.sign_ins.forget_expired(now)
        tables.passes.forget_expired(now)
        tables.short_lived.forget_expired(now)
        tables.monthly_counts.forget_before(month)
        events = tables.event_keys.forget_before(now - KEYS_KEPT)
        return Forgotten(events=events, codes=tables.invitation_codes.forget_expired(now))

    forgotten = await store.write(delete)
    # In a transaction of its own, so that an audit that was tampered with stops no other deletion.
    return replace(forgotten, entries=await store.write(lambda t: t.audit.drop_before(month, now=now)))


async def forget_removed(store: Store, now: datetime) -> int:
    """Replace removed people's ids by keyed hashes unless a hold or a message in their chat needs them. Return how many were replaced."""

    def may(record: Record, shown: Shown) -> bool:
        is_cleared = shown.handle is None or (shown.born is not None and now - shown.born > UNREACHED)
        return _is_removed(record) and record.due is None and is_cleared

    def forget_name(person: str, tables: Tables) -> bool:
        return not tables.messages_to_remove.of(person) and tables.people.forget_name(person, may)

    removed = await store.of_each(lambda record: record.person if _is_removed(record) else "")
    named = [person for person in removed if person and PersonId.read(person).channel != FORGOTTEN]
    return sum([await store.write(partial(forget_name, person)) for person in named])


def _is_removed(record: Record) -> bool:
    account = read_account(record.access)
    return isinstance(account, Removed) and not record.heads and not record.closed


async def purge(store: Store, conversation: Conversation, *, now: datetime) -> tuple[int, tuple[str, ...]]:
    """Erase cases past their retention time. Return how many, and the errors. The running bot does everything else that is due."""
    terms, located = conversation.door.terms, set[Located]()
    # By both orders, since a term may have been shortened. Other work can go on between two slices.
    for order, until in ((Sorting.DUE, now), (Sorting.ACTIVE, now - min(terms.unfinished, terms.finished))):
        after, is_more = None, True
        while is_more:
            page = await store.read(partial(_with_case, order=order, until=until, after=after))
            located.update(page.people)
            after, is_more = page.next, page.next is not None
    erased, errors = 0, []
    for one in sorted(located, key=lambda row: row.part):
        match await _erase_if_over(store, conversation, person=one.person, now=now):
            case Done() as done:
                erased += done.is_erasure
            case Refused(error=error):
                errors.append(error)
            case Repeated() | KeyOnly() | None:
                pass  # the case was erased meanwhile
    return erased, tuple(errors)


def _with_case(tables: Tables, *, order: Sorting, until: datetime, after: tuple[int, bytes] | None) -> Slice:
    return tables.people.with_case(order, until, after=after, most=200)


async def _erase_if_over(store: Store, conversation: Conversation, *, person: str, now: datetime) -> Outcome | None:
    """Erase a person's case if it is past its retention time. If the row cannot be read, do nothing, so that others are erased."""
    try:
        recalled = await store.recall(person)
    except DamagedValue:
        return None
    terms = conversation.door.terms
    if recalled is None or not is_over(read_account(recalled[0].access), recalled[0], now=now, terms=terms):
        return None
    # The turn decides again, since the person may have continued meanwhile.
    decide = conversation.decide(Lapsed(conversation.occasion()))

    def erase(record: Record, lookup: Lookup) -> Decision | None:
        """Erase the case, and make the person due, so that the running bot tells them in their chat."""
        decision = decide(record, lookup)
        assert decision is None or isinstance(decision, Decision), "time that passes needs nothing else"
        return decision and replace(decision, record=replace(decision.record, due=now))

    (outcome,) = await store.turns([Inbound(f"purge:{secrets.token_hex(8)}", now, person, erase, None)])
    return outcome


def months_before(now: datetime, months: int) -> str:
    """Return the month that was this many months ago, written as in the audit (“2026-11”)."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return f"{year:04}-{month + 1:02}"
