"""What every store does alike with a turn: the first record, the rules of a decision, contained failures, orders."""

import secrets
from collections.abc import Callable, Iterable

from bot.runtime.crash_report import place_of
from bot.storage.shown import MessageToRemove
from bot.storage.values import Decide, Decision, NeedsShared, Outcome, Record, Refused, Shared

LARGEST = 2**63 - 1


def first_record(person: str) -> Record:
    """The record of somebody met for the first time."""
    return Record(person=person, card=0, profile="{}", case=None, phase="", edition="", active=None)


Find = Callable[[str], Shared | None]
"""Looks up what is shared under a name."""


def decide_within_rules(decide: Decide, before: Record, find: Find) -> Decision | None:
    """The decision, once it keeps to the rules that every store rests on; `ValueError` names the one it broke."""
    decision = decide(before)
    if isinstance(decision, NeedsShared):
        decision = decision.then(find(decision.name))
    if decision is None:
        return None
    after = decision.record
    if after.person != before.person:
        raise ValueError("a decision may not change whose record it is")
    if not before.card <= after.card <= LARGEST:
        raise ValueError("a card counter may not go back")
    named = (after.person, after.phase, after.edition)
    for text in (*named, after.profile, after.case or "", after.access, after.rehearsal):
        text.encode()
    return decision


def attempt(key: str, work: Callable[[], Outcome], *, fatal: tuple[type[Exception], ...] = ()) -> Outcome:
    """The outcome of the work, or `Refused` when it fails; `fatal` failures are the store's own and pass."""
    try:
        return work()
    except fatal:
        raise
    except Exception as error:  # the one broad except: one odd event must not hold up everybody's
        return refused_by(key, error)


def refused_by(key: str, error: Exception) -> Refused:
    """The failure by class, a fresh error id and place, without its message, which may quote a person."""
    return Refused(key=key, error=f"{type(error).__name__} {secrets.token_hex(4)}", where=place_of(error.__traceback__))


def latest_first(people: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """People by their instant in microseconds, latest first, and by name within one instant."""
    return tuple(person for _, person in sorted(people, key=lambda pair: (-pair[0], pair[1])))


def oldest_first(litter: Iterable[MessageToRemove]) -> tuple[MessageToRemove, ...]:
    """Messages by birth, oldest first, and by person and handle within one instant."""
    return tuple(sorted(litter, key=lambda message: (message.born, message.person, message.handle)))
