"""A turn: one event answered within a transaction that was begun, in a savepoint of its own, by rules that hold in every store."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, assert_never

from bot.runtime.errors import DamagedStore, DamagedValue
from bot.runtime.logs import place_of
from bot.storage.passes import PassDone, PassOutcome, PassTurn, decide_pass
from bot.storage.tables.tables import Tables
from bot.storage.values import (
    NOTHING_SHOWN,
    Decide,
    Decision,
    Done,
    Inbound,
    Issued,
    KeyOnly,
    MessageToRemove,
    MonthlyCount,
    NeedsEverybody,
    OpenInvitation,
    Outcome,
    OwedDocument,
    PersonForgotten,
    Record,
    Refused,
    Reminder,
    Repeated,
    Shared,
    SharedEnded,
    SignIn,
    Spent,
    Undecided,
    Withdrawn,
    first_record,
)
from bot.trail.audit import BOT, AuditEvent
from bot.trail.chain import Entry

LARGEST = 2**63 - 1

Answered = TypeVar("Answered")


class DamageMet(Exception):
    """One event's answer met damage: all is to be undone, and done again with that event refused."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.error)
        self.refused = refused


def take_turn(tables: Tables, inbound: Inbound, damaged: Mapping[str, Refused]) -> Outcome:
    """Answer one event; a refused one leaves its key and the message to be removed. Those that met damage before are refused."""
    # Before the savepoint: what is rolled back leaves the key, or an event that fails would come again for ever.
    answer = answered if tables.event_keys.add(inbound.key, inbound.at) else _repeated
    outcome = _contained(tables, inbound.key, partial(answer, tables, inbound), damaged)
    if isinstance(outcome, Undecided):
        tables.event_keys.forget(inbound.key)
    if tables.ledger.is_refusal_new():
        tables.audit.append([Entry(inbound.at, BOT, AuditEvent.OUT_OF_STEP)])
    if isinstance(outcome, Done | Refused) and inbound.person is not None and inbound.own_message is not None:
        message = MessageToRemove(inbound.person, inbound.own_message, inbound.at, is_own=True)
        tables.messages_to_remove.keep(message)
    return outcome


def take_pass(tables: Tables, turn: PassTurn, damaged: Mapping[str, Refused]) -> PassOutcome:
    """Answer one event of a browser with a pass; a refused one leaves its key."""
    is_new = tables.event_keys.add(turn.key, turn.at)
    return _contained(tables, turn.key, partial(_answered_pass, tables, turn, is_new=is_new), damaged)


def answered(tables: Tables, inbound: Inbound) -> Outcome:
    """Answer an event that is new, and write what the decision brings. What it raises is a refusal: nothing of it is left then."""
    if inbound.person is None or inbound.decide is None:
        return KeyOnly(inbound.key)
    row = tables.people.find(inbound.person)
    before = row.record if row else first_record(inbound.person)
    decision = _within_rules(inbound.decide, Looking(tables, before, inbound.at))
    if decision is None:
        return KeyOnly(inbound.key)
    if isinstance(decision, NeedsEverybody):
        return Undecided(inbound.key, decision)
    tables.people.decide(row or tables.people.meet(inbound.person), after=decision.record)
    _write(tables, decision, inbound)
    return Done(inbound.key, before, decision.record, row.shown if row else NOTHING_SHOWN, decision.effects)


def attempt(key: str, work: Callable[[], Answered], *, fatal: tuple[type[Exception], ...] = ()) -> Answered | Refused:
    """Return the outcome of the work, or `Refused` when it fails; `fatal` errors propagate."""
    try:
        return work()
    except fatal:
        raise
    except Exception as error:  # the one broad except: one odd event must not hold up everybody else's
        return _refused_by(key, error)


def _contained(
    tables: Tables, key: str, answer: Callable[[], Answered], damaged: Mapping[str, Refused]
) -> Answered | Refused:
    """Return the answer, within a savepoint of its own; `Refused` where it failed, and then nothing of it is left."""
    session = tables.session

    def work() -> Answered:
        """Return the answer; `DamageMet` where the database meets damage on the way: it keeps nothing more in this transaction."""
        try:
            return answer()
        except session.errors as error:
            fault = session.fault(error)
            if not isinstance(fault, DamagedStore):
                raise
            raise DamageMet(_refused_by(key, fault)) from error

    with session.savepoint() as undo:
        fatal = (*session.errors, DamageMet)
        outcome: Answered | Refused = damaged[key] if key in damaged else attempt(key, work, fatal=fatal)
        if isinstance(outcome, Refused):
            undo()
            tables.event_keys.refuse(key, outcome.error)
    return outcome


def _repeated(tables: Tables, inbound: Inbound) -> Outcome:
    found = None if inbound.person is None else tables.people.recall(inbound.person)
    return Repeated(inbound.key, *(found or (None, None)))


def _answered_pass(tables: Tables, turn: PassTurn, *, is_new: bool) -> PassDone:
    before = tables.passes.find(turn.name, turn.at)
    if not is_new:
        return PassDone(turn.key, before)
    shared = tables.rooms.find(before.room if before else turn.room, turn.at)
    decision = decide_pass(turn, before, shared)
    if decision is None:
        return PassDone(turn.key, before)
    if decision.kept is not None:
        tables.passes.keep(decision.kept)
    elif before is not None:
        tables.passes.forget(turn.name)
    if decision.leaves and shared is not None:
        tables.rooms.keep(replace(shared, text=decision.leaves), actor="", now=turn.at)
    return PassDone(turn.key, decision.kept, decision.effects)


class Looking:
    """What a decision looks up, and the records that it saw: of these alone it may change any, and each once."""

    def __init__(self, tables: Tables, before: Record, now: datetime) -> None:
        self.before, self.records = before, {before.person: before}
        self._tables, self._now = tables, now

    def record(self, person: str) -> Record | None:
        """Return somebody's record, or None if they have none, or it is refused, and so nobody's to change."""
        if person not in self.records:
            with suppress(DamagedValue):
                row = self._tables.people.find(person)
                if row is not None:
                    self.records[person] = row.record
        return self.records.get(person)

    def shared(self, name: str) -> Shared | None:
        """Return what is shared under a name."""
        return self._tables.rooms.find(name, self._now)

    def invitation(self, mark: bytes) -> OpenInvitation | None:
        """Return the open invitation with this mark."""
        return next(iter(self._tables.invitation_codes.some((mark,), self._now)), None)

    def opened_by(self, code: str) -> str | None:
        """Return the text that a one-time code opens."""
        return self._tables.invitation_codes.opened(code, self._now)


def _within_rules(decide: Decide, lookup: Looking) -> Decision | NeedsEverybody[Any] | None:
    """Return the decision, once it keeps to the rules that every store rests on; `ValueError` names the one it broke."""
    decision = decide(lookup.before, lookup)
    if decision is None or isinstance(decision, NeedsEverybody):
        return decision
    if decision.record.person != lookup.before.person:
        raise ValueError("a decision may not change whose record it is")
    records = dict(lookup.records)
    for after in (decision.record, *decision.of(Record)):
        _demand_rules(after, records.pop(after.person, None))
    return decision


def _demand_rules(after: Record, before: Record | None) -> None:
    """Raise `ValueError` for a record that may not take the place of the one before it."""
    if before is None:
        raise ValueError("a decision may change others only where it was given their records, and each once")
    if not before.card <= after.card <= LARGEST:
        raise ValueError("a card counter may not go back")
    named = (after.person, after.phase, after.edition)
    # Half a character, as JSON can carry one, could not be written: it is refused here, alike in every store.
    for text in (*named, after.profile, after.case or "", after.access, after.rehearsal):
        text.encode()


def _write(tables: Tables, decision: Decision, inbound: Inbound) -> None:
    """Write what a decision brings besides the record, in its order."""
    person, now = decision.record.person, inbound.at
    tables.audit.append(decision.of(Entry))
    tables.monthly_counts.add(decision.of(MonthlyCount))
    for write in decision.writes:
        match write:
            case Entry() | MonthlyCount():
                pass  # written above, together
            case Spent(code):
                tables.invitation_codes.spend(code)
            case Issued():
                tables.invitation_codes.issue(write.code, write.text, until=write.until)
            case Withdrawn(mark):
                tables.invitation_codes.use_up((mark,))
            case Reminder():
                tables.reminders.keep(write)
            case OwedDocument():
                tables.documents.keep(write)
            case Shared():
                tables.rooms.keep(write, actor=person, now=now)
            case SharedEnded(name):
                tables.rooms.end(name, now)
            case SignIn():
                tables.sign_ins.keep(write)
            case Record():
                row = tables.people.find(write.person)
                assert row is not None, "others are people whose records were looked up"
                tables.people.decide(row, after=write)
            case PersonForgotten(forgotten):
                tables.rooms.forget_of(forgotten, now)
                tables.reminders.forget_of(forgotten)
                tables.sign_ins.forget_of(forgotten)
            case _:
                assert_never(write)


def _refused_by(key: str, error: Exception) -> Refused:
    """Return the failure by class, a new error id and place, without its message, which may quote a person."""
    return Refused(key=key, error=f"{type(error).__name__} {secrets.token_hex(4)}", where=place_of(error.__traceback__))
