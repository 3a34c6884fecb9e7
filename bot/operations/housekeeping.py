"""Deletes what is past its retention time: cases, keys of events, codes, rooms, months of the audit; for the bot and for `purge`."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any

from bot.access.account import Account, Removed, Terms, read_account, written
from bot.access.due import is_over
from bot.conversation.conversation import Conversation
from bot.conversation.records import with_next_card
from bot.runtime.errors import DamagedValue
from bot.runtime.person_id import FORGOTTEN, PersonId
from bot.storage.store import Store
from bot.storage.tables import Tables
from bot.storage.values import (
    Decision,
    Done,
    Inbound,
    KeyOnly,
    Located,
    Lookup,
    NeedsEverybody,
    Outcome,
    Record,
    Refused,
    Repeated,
    Shown,
    Slice,
    Sorting,
)
from dialogs.core.events import Lapsed

KEYS_KEPT = timedelta(days=8)
"""How long an event is remembered, so that a repeated one is known again."""


SLICE = 200
"""People who are read at once."""

PART = attrgetter("part")

REMINDERS_KEPT = timedelta(days=30)
"""How long a reminder is kept after the day on which it was due."""


UNREACHED = timedelta(days=7)
"""Days after which nothing more can be done about a card that the bot could not take out of a chat."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many of each were deleted."""

    cases: int = 0
    names: int = 0
    events: int = 0
    codes: int = 0
    entries: int = 0


async def pass_time(
    store: Store, conversation: Conversation, *, person: str, now: datetime, old_card: int | None = None
) -> Outcome:
    """Do, in one turn, what is due for one person. Where the live card is still the `old_card`, nobody has used it for long."""
    # A new key each time: the record says what is due, and no event may be taken for a repeat of an earlier one.
    key = f"time:{secrets.token_hex(8)}"
    occasion = conversation.occasion()
    young, old = (conversation.decide(Lapsed(occasion, is_old=each)) for each in (False, True))

    def decide(record: Record, lookup: Lookup) -> Decision | NeedsEverybody[Any] | None:
        """Another card may have come since somebody looked at it: one that tells something is not taken away unread."""
        return (old if record.card == old_card else young)(record, lookup)

    (outcome,) = await store.turns([Inbound(key, now, person, decide, None)])
    return outcome


async def bring_back(store: Store, person: str, *, left: datetime, now: datetime) -> Outcome:
    """Let an empty chat show a card again, in one turn, and tell the person what was left there: what was sent before a time."""

    def decide(record: Record, _: object) -> Decision | None:
        """Skip people without access."""
        account = read_account(record.access)
        if not isinstance(account, Account):
            return None
        return Decision(
            replace(
                with_next_card(record),
                access=written(replace(account.shown(), notices=replace(account.notices, left=left))),
            ),
            (),
        )

    (outcome,) = await store.turns([Inbound(f"back:{secrets.token_hex(8)}", now, person, decide, None)])
    return outcome


async def forget(store: Store, now: datetime, *, audit_months: int) -> Forgotten:
    """Delete what belongs to no case and is past its retention time."""
    month = months_before(now, audit_months)

    def delete(tables: Tables) -> Forgotten:
        tables.reminders.forget_before(now - REMINDERS_KEPT)
        tables.rooms.forget_expired(now)
        tables.sign_ins.forget_expired(now)
        tables.passes.forget_expired(now)
        tables.monthly_counts.forget_before(month)
        events = tables.event_keys.forget_before(now - KEYS_KEPT)
        return Forgotten(events=events, codes=tables.invitation_codes.forget_expired(now))

    forgotten = await store.write(delete)
    # By itself: an audit that was changed from outside keeps nothing else from being deleted.
    return replace(forgotten, entries=await store.write(lambda t: t.audit.drop_before(month, now=now)))


async def forget_removed(store: Store, now: datetime) -> int:
    """Keep a hash in place of the names of people who were removed, and say of how many: they are known again by it, and not called.

    Somebody stays as they are while a case of theirs is held, or something of theirs is to be taken out of their chat.
    """

    def may(record: Record, shown: Shown) -> bool:
        """Return True if nothing is left to be done for them."""
        is_cleared = shown.handle is None or (shown.born is not None and now - shown.born > UNREACHED)
        return _is_removed(record) and record.due is None and is_cleared

    removed = await store.of_each(lambda record: record.person if _is_removed(record) else "")
    named = [person for person in removed if person and PersonId.read(person).channel != FORGOTTEN]

    def forget(person: str, tables: Tables) -> bool:
        return not tables.messages_to_remove.of(person) and tables.people.forget_name(person, may)

    return sum([await store.write(partial(forget, person)) for person in named])


def _is_removed(record: Record) -> bool:
    account = read_account(record.access)
    return isinstance(account, Removed) and record.case is None


async def purge(store: Store, conversation: Conversation, *, now: datetime) -> tuple[int, tuple[str, ...]]:
    """Erase every case that is past its retention time. Returns how many, and the errors of those that could not be erased.

    Nothing else that is due is done, since only the running bot can say so in a chat. Others have their turn between one person
    and the next.
    """
    erased, errors = 0, []
    for found in sorted(await _perhaps_over(store, conversation.door.terms, now=now), key=PART):
        match await _erase_if_over(store, conversation, person=found.person, now=now):
            case Done() as done:
                erased += done.is_erasure
            case Refused(error=error):
                errors.append(error)
            case Repeated() | KeyOnly() | None:
                pass  # somebody else was quicker, and nothing is left to erase
    return erased, tuple(errors)


async def _perhaps_over(store: Store, terms: Terms, *, now: datetime) -> set[Located]:
    """Return everybody with a case whose term may be over: who is due, and who was not active for the shortest, since a term may be
    shorter than it was. They are read some at a time, between which others have their turn.
    """

    async def slice_of(order: Sorting, until: datetime, after: tuple[int, bytes] | None) -> Slice:
        return await store.read(lambda t: t.people.with_case(order, until, after=after, most=SLICE))

    found = set[Located]()
    for order, until in ((Sorting.DUE, now), (Sorting.ACTIVE, now - min(terms.unfinished, terms.finished))):
        after, is_more = None, True
        while is_more:
            read = await slice_of(order, until, after)
            found.update(read.people)
            after, is_more = read.next, read.next is not None
    return found


async def _erase_if_over(store: Store, conversation: Conversation, *, person: str, now: datetime) -> Outcome | None:
    """Erase the case of a person whose term is over. Somebody whose row does not open holds up nobody else."""
    try:
        found = await store.recall(person)
    except DamagedValue:
        return None
    if found is None or not is_over(read_account(found[0].access), found[0], now=now, terms=conversation.door.terms):
        return None
    return await _erase(store, conversation, person=person, now=now)


async def _erase(store: Store, conversation: Conversation, *, person: str, now: datetime) -> Outcome:
    """Apply what is due, and leave the person due, so that the running bot shows it in their chat."""
    key = f"purge:{secrets.token_hex(8)}"
    # Judged once more within the turn: the person may have gone on since their row was read.
    decide = conversation.decide(Lapsed(conversation.occasion()))

    def due_at_once(record: Record, lookup: Lookup) -> Decision | None:
        decision = decide(record, lookup)
        assert not isinstance(decision, NeedsEverybody), "time that passes asks for nobody else"
        return decision and replace(decision, record=replace(decision.record, due=now))

    (outcome,) = await store.turns([Inbound(key, now, person, due_at_once, None)])
    return outcome


def months_before(now: datetime, months: int) -> str:
    """Return the month so many whole months before this one, as the audit names it ("2026-11")."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return f"{year:04}-{month + 1:02}"
