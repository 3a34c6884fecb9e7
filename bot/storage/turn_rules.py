"""What every store does in the same way: the first record, the rules of a decision, contained failures, orders."""

import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from bot.runtime.logs import place_of
from bot.storage.shown import MessageToRemove
from bot.storage.values import (
    Decide,
    Decision,
    NeedsOthers,
    NeedsShared,
    Others,
    Record,
    Refused,
    Shared,
)

LARGEST = 2**63 - 1

Answered = TypeVar("Answered")

FOLLOW_AFTER = timedelta(seconds=2)
"""How soon the others who share something are due, so that their cards follow: changes within that time are shown at once."""


def first_record(person: str) -> Record:
    """The record of somebody met for the first time."""
    return Record(person=person, card=0, profile="{}", case=None, phase="", edition="", active=None)


Find = Callable[[str], Shared | None]
"""Looks up what is shared under a name."""


Gather = Callable[[NeedsOthers], Others]
"""Looks up those on whom a decision depends."""


def decide_within_rules(decide: Decide, before: Record, *, find: Find, gather: Gather) -> Decision | None:
    """The decision, once it keeps to the rules that every store rests on; `ValueError` names the one it broke."""
    decision, records = decide(before), {before.person: before}
    if isinstance(decision, NeedsShared):
        decision = decision.then(find(decision.name))
    if isinstance(decision, NeedsOthers):
        others = gather(decision)
        records |= {each.person: each for each in others.records}
        decision = decision.then(others)
    if decision is None:
        return None
    if decision.record.person != before.person:
        raise ValueError("a decision may not change whose record it is")
    for after in (decision.record, *decision.others):
        _demand_rules(after, records.pop(after.person, None))
    return decision


def _demand_rules(after: Record, before: Record | None) -> None:
    """`ValueError` for a record that may not take the place of the one before it."""
    if before is None:
        raise ValueError("a decision may change others only where it was given their records, and each once")
    if not before.card <= after.card <= LARGEST:
        raise ValueError("a card counter may not go back")
    named = (after.person, after.phase, after.edition)
    # Half a character, as JSON can carry one, could not be written: it is refused here, alike in every store.
    for text in (*named, after.profile, after.case or "", after.access, after.rehearsal):
        text.encode()


def attempt(key: str, work: Callable[[], Answered], *, fatal: tuple[type[Exception], ...] = ()) -> Answered | Refused:
    """The outcome of the work, or `Refused` when it fails; `fatal` errors propagate."""
    try:
        return work()
    except fatal:
        raise
    except Exception as error:  # the one broad except: one odd event must not hold up everybody else's
        return refused_by(key, error)


def refused_by(key: str, error: Exception) -> Refused:
    """The failure by class, a new error id and place, without its message, which may quote a person."""
    return Refused(key=key, error=f"{type(error).__name__} {secrets.token_hex(4)}", where=place_of(error.__traceback__))


def latest_first(people: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """People by their time in microseconds, latest first; by name at the same time."""
    return tuple(person for _, person in sorted(people, key=lambda pair: (-pair[0], pair[1])))


def oldest_first(messages: Iterable[MessageToRemove]) -> tuple[MessageToRemove, ...]:
    """Messages by birth, oldest first; by person and handle at the same time."""
    return tuple(sorted(messages, key=lambda message: (message.born, message.person, message.handle)))
