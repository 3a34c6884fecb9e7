"""Answers events within a transaction that has begun, each in a savepoint of its own. The decisions must keep the rules of the store.

The slow hash of a PIN is derived between two such transactions, by `once_derived`.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, assert_never

from bot.runtime.errors import DamagedStore, DamagedValue, StoreFault
from bot.runtime.logs import place_of
from bot.storage.cases import MOST, CaseLead, Held, Retied, Tied, ViewAdded, WrongCode
from bot.storage.passes import TRAINER, PassDone, PassOutcome, PassTurn
from bot.storage.tables import Tables
from bot.storage.tables.people import PersonRow
from bot.storage.values import (
    Decision,
    Done,
    Inbound,
    Issued,
    KeyOnly,
    MessageToRemove,
    MonthlyCount,
    NeedsEverybody,
    NeedsHash,
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
from dialogs.core.codec import decode
from dialogs.core.teams import Team
from dialogs.core.ties import Refusal, TieKind, changed

MOST_HASHES = 3  # the maximum number of PIN hashes for one event; it needs a second if the PIN is changed meanwhile
DERIVER = ThreadPoolExecutor(1, "PIN")  # one at a time, as each takes 19 MiB

Answered = TypeVar("Answered")


class DamageMet(Exception):
    """The exception raised when an event meets damage in the database. The batch has to be repeated with this event refused."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.error)
        self.refused = refused


async def once_derived(
    turns: Callable[[Sequence[Inbound]], Awaitable[tuple[Outcome, ...]]], batch: Sequence[Inbound]
) -> tuple[Outcome, ...]:
    """Pass a batch to `turns`, and pass in again the events that need PIN hashes, with these. Return the outcomes.

    Raise `StoreFault` if nothing of the batch is stored. An event stays `Undecided` if it asks too often, or if the store fails
    after others were stored.
    """
    outcomes = await turns(batch)
    if Undecided not in map(type, outcomes):
        return outcomes
    events, latest = list(batch), list(outcomes)
    while again := [number for number, outcome in enumerate(latest) if _is_waiting(outcome, events[number])]:
        for number in again:
            event, outcome = events[number], latest[number]
            if isinstance(outcome, Undecided) and isinstance(outcome.needed, NeedsHash):
                need = outcome.needed
                work = partial(attempt, event.key, partial(need.derive, need.pin, need.salt))
                derived = await asyncio.get_running_loop().run_in_executor(DERIVER, work)
                if isinstance(derived, Refused):
                    latest[number] = derived
                else:
                    events[number] = replace(event, derived={**event.derived, need: derived})
        again = [number for number in again if isinstance(latest[number], Undecided)]
        try:
            outcomes = await turns([events[number] for number in again])
        except StoreFault:
            if len(again) == len(batch):
                raise
            break
        for number, outcome in zip(again, outcomes, strict=True):
            latest[number] = outcome
    return tuple(latest)


def _is_waiting(outcome: Outcome, event: Inbound) -> bool:
    if not isinstance(outcome, Undecided) or isinstance(outcome.needed, NeedsEverybody):
        return False
    return outcome.needed is None or len(event.derived) < MOST_HASHES


def take_turns(batch: Sequence[Inbound], damaged: Mapping[str, Refused], tables: Tables) -> tuple[Outcome, ...]:
    """Answer events in order. An event stays undecided if an earlier one of the same person needs a PIN hash."""
    outcomes, waiting = list[Outcome](), set[str]()
    for inbound in batch:
        outcome = Undecided(inbound.key, None) if inbound.person in waiting else take_turn(tables, inbound, damaged)
        if isinstance(outcome, Undecided) and isinstance(outcome.needed, NeedsHash) and inbound.person is not None:
            waiting.add(inbound.person)
        outcomes.append(outcome)
    return tuple(outcomes)


def take_passes(batch: Sequence[PassTurn], damaged: Mapping[str, Refused], tables: Tables) -> tuple[PassOutcome, ...]:
    """Answer events of browsers without an account, in order."""
    outcomes = list[PassOutcome]()
    for turn in batch:
        outcomes.append(take_pass(tables, turn, damaged))
    return tuple(outcomes)


def take_turn(tables: Tables, inbound: Inbound, damaged: Mapping[str, Refused]) -> Outcome:
    """Answer one event, or refuse it if its key is in `damaged`. Of a refused event, its key and the message to be removed are saved."""
    if inbound.person is not None:
        tables.people.ask_ahead(inbound.person)  # in the same round trip as the key
    # Before the savepoint: a rollback leaves the key, or an event that fails would arrive again for ever.
    is_new = tables.event_keys.add(inbound.key, inbound.at)
    # Before the savepoint too: a code counts as a try even if its event is refused.
    may_try = True
    if inbound.is_try and is_new and inbound.person is not None:
        may_try = tables.tries.may_try(inbound.person, inbound.at)
    with _savepoint(tables, inbound.key, damaged) as turn:
        turn.outcome = turn.outcome or _answered(tables, inbound, is_new=is_new, may_try=may_try)
    outcome: Outcome = turn.outcome
    if isinstance(outcome, Undecided):
        tables.event_keys.forget(inbound.key)
    if inbound.is_try and isinstance(outcome, Done):
        tables.tries.forgive(outcome.record.person)
    if tables.ledger.is_refusal_new():
        tables.audit.append([Entry(inbound.at, BOT, AuditEvent.OUT_OF_STEP)])
    if isinstance(outcome, Done | Refused) and inbound.person is not None and inbound.own_message is not None:
        message = MessageToRemove(inbound.person, inbound.own_message, inbound.at, is_own=True)
        tables.messages_to_remove.keep(message)
    return outcome


def take_pass(tables: Tables, turn: PassTurn, damaged: Mapping[str, Refused]) -> PassOutcome:
    """Answer one event of a browser without an account, or refuse it if its key is in `damaged`. Of a refused event, its key is saved."""
    is_new = tables.event_keys.add(turn.key, turn.at)
    with _savepoint(tables, turn.key, damaged) as taken:
        taken.outcome = taken.outcome or _answered_pass(tables, turn, is_new=is_new)
    outcome: PassOutcome = taken.outcome
    return outcome


def _answered(tables: Tables, inbound: Inbound, *, is_new: bool, may_try: bool) -> Outcome:
    """Answer an event, and write its decision. If this raises, the caller refuses the event and rolls its writes back."""
    if not is_new:
        recalled = None if inbound.person is None else tables.people.recall(inbound.person)
        return Repeated(inbound.key, *(recalled or (None, None)))
    if inbound.person is None or inbound.decide is None:
        return KeyOnly(inbound.key)
    row = tables.people.find(inbound.person)
    before = row.record if row else first_record(inbound.person)
    lookup = Looking(tables, before, inbound, row=row, may_try=may_try)
    decision = inbound.decide(before, lookup)
    if decision is None:
        return KeyOnly(inbound.key)
    if isinstance(decision, NeedsEverybody | NeedsHash):
        return Undecided(inbound.key, decision)
    # The rules of the store.
    if decision.record.person != before.person:
        raise ValueError("a decision may not change whose record it is")
    records = dict(lookup.records)
    for after in (decision.record, *decision.of(Record)):
        known = records.pop(after.person, None)
        if known is None:
            raise ValueError("a decision may change others only where it was given their records, and each once")
        if not known.card <= after.card < 2**63:
            raise ValueError("a card counter may not go back")
        if len(after.heads) > max(MOST, len(known.heads)):
            raise ValueError("a person holds no more cases than that")
        # Half a surrogate pair, which JSON can carry, cannot be written.
        clear = (after.person, after.phase, after.edition, after.hand)
        for text in (*clear, after.profile, after.case or "", after.access, after.rehearsal):
            text.encode()
        if "\0" in after.phase + after.edition + after.hand:
            raise ValueError("PostgreSQL has no text with a zero byte, and a reference has none")
    # Ties come first: what somebody takes over is theirs when their record is written.
    retied = decision.of(Retied)
    for change in retied:
        _retie(tables, change, inbound.at)
    row = row or tables.people.meet(inbound.person)
    tables.people.decide(tables.people.refreshed(row) if retied else row, after=decision.record)
    _write(tables, decision, inbound, lookup)
    after = decision.record
    if retied and (found := tables.people.find(inbound.person)) is not None:
        after = replace(after, tied=found.record.tied)
    return Done(inbound.key, before, after, row.shown, decision.effects)


def _retie(tables: Tables, change: Retied, now: datetime) -> None:
    """Write what an event does to the ties of a case. Raise `ValueError` if it is not allowed now."""
    case = tables.cases.find(change.mark)
    if case is None:
        raise ValueError("there is no such case")
    after = changed(case.sharing, change.event, now)
    if isinstance(after, Refusal):
        raise ValueError(f"this is not allowed: {after}")
    tables.cases.retie(case, after)
    if after.holder.person != case.head.holder:
        tables.reminders.pass_on(case.head.reference, former=case.head.holder, to=after.holder.person)
    if change.code and after.code is not None:
        tables.spoken_codes.keep(change.code, change.mark, until=after.code.until)


@dataclass(slots=True)
class _Turn:
    """An event that is being answered, and its outcome. If the event is known to meet damage, the outcome is a refusal from the start."""

    key: str
    outcome: Any = None

    @contextmanager
    def refused_on_failure(self, *, fatal: tuple[type[Exception], ...] = ()) -> Iterator[None]:
        """Make the outcome a refusal if the `with` block raises an exception. Exceptions in `fatal` propagate."""
        try:
            yield
        except fatal:
            raise
        except Exception as error:  # the one broad except: one odd event must not hold up everybody else's
            self.outcome = _refused_by(self.key, error)


def attempt(key: str, work: Callable[[], Answered]) -> Answered | Refused:
    """Return the result of the work, or `Refused` if it raises an exception."""
    turn = _Turn(key)
    with turn.refused_on_failure():
        turn.outcome = work()
    outcome: Answered | Refused = turn.outcome
    return outcome


@contextmanager
def _savepoint(tables: Tables, key: str, damaged: Mapping[str, Refused]) -> Iterator[_Turn]:
    """Yield the event in progress. If the block fails, the event is refused and only its key is saved. Faults of the database propagate."""
    turn = _Turn(key, damaged.get(key))
    with tables.session.savepoint() as undo:
        try:
            with turn.refused_on_failure(fatal=(tables.session.errors,)):
                yield turn
        except tables.session.errors as error:
            found = tables.session.fault(error)
            if not isinstance(found, DamagedStore):
                raise
            raise DamageMet(_refused_by(key, found)) from error
        if isinstance(turn.outcome, Refused):
            undo()
            tables.event_keys.refuse(key, turn.outcome.error)


def _answered_pass(tables: Tables, turn: PassTurn, *, is_new: bool) -> PassDone:
    """Answer an event, and write its decision. Raise `ValueError` if the decision breaks a rule of the store."""
    before = tables.passes.find(turn.name, turn.at)
    if not is_new:
        return PassDone(turn.key, before)
    shared = tables.rooms.find(before.room if before else turn.room, turn.at)
    decision = turn.decide(before, shared)
    if decision is None:
        return PassDone(turn.key, before)
    after = decision.kept
    is_trainer = after is not None and after.host == TRAINER and (before is None or before.host == TRAINER)
    opens = decision.opens if is_trainer else None
    room = opens.name if opens is not None else before.room if before is not None else turn.room
    if after is not None and (after.name, after.room) != (turn.name, room):
        raise ValueError("a decision may not change whose pass it is, or to which room")
    if before is not None and after is not None and after.card < before.card:
        raise ValueError("a card counter may not go back")
    if decision.leaves and shared is None:
        raise ValueError("nothing can be left in a room that is not there")
    if decision.ends and is_trainer and before is not None:
        tables.rooms.end(before.room, turn.at)  # before their own pass is written, which outlasts the room
    if opens is not None:
        tables.rooms.keep(opens, actor="", now=turn.at)
    if after is not None:
        tables.passes.keep(after)
    elif before is not None:
        tables.passes.forget(turn.name)
    if decision.leaves and shared is not None:
        tables.rooms.keep(replace(shared, text=decision.leaves), actor="", now=turn.at)
    return PassDone(turn.key, after, decision.effects)


class Looking:
    """The `Lookup` of one event. Its decision may change only the records in `records`, each at most once."""

    def __init__(
        self, tables: Tables, before: Record, inbound: Inbound, *, row: PersonRow | None, may_try: bool
    ) -> None:
        self.records, self.derived = {before.person: before}, inbound.derived
        self.rows: dict[str, PersonRow] = {}
        self._tables, self._row, self._now, self._may_try = tables, row, inbound.at, may_try
        self._person = before.person

    def record(self, person: str) -> Record | None:
        if person not in self.records:
            with suppress(DamagedValue):
                row = self._tables.people.find(person)
                if row is not None:
                    self.records[person], self.rows[person] = row.record, row
        return self.records.get(person)

    def case(self, reference: str) -> Held | None:
        return None if self._row is None else self._tables.people.held(self._row, reference, now=self._now)

    def is_free(self, reference: str) -> bool:
        return self._tables.cases.is_free(reference)

    def case_of_code(self, code: str) -> Tied | None:
        mark = self._tables.spoken_codes.case_of(code)
        with suppress(DamagedValue):
            case = None if mark is None else self._tables.cases.find(mark)
            return None if case is None else self._tables.cases.tied(case, case.head.holder)
        return None

    def may_type_code(self) -> bool:
        return self._tables.spoken_codes.may_type(self._person, self._now)

    def shared(self, name: str) -> Shared | None:
        return self._tables.rooms.find(name, self._now)

    def invitation(self, mark: bytes) -> OpenInvitation | None:
        return next(iter(self._tables.invitation_codes.some((mark,), self._now)), None)

    def teams(self) -> tuple[Team, ...]:
        return trusted_teams(self._tables)

    def opened_by(self, code: str) -> str | None:
        return self._tables.invitation_codes.opened(code, self._now) if self._may_try else None


def trusted_teams(tables: Tables) -> tuple[Team, ...]:
    """Return all teams, or none if any was changed from outside: whom it names might be whoever changed it."""
    with suppress(StoreFault):
        return tables.teams.everyone()
    return ()


def _write(tables: Tables, decision: Decision, inbound: Inbound, lookup: Looking) -> None:
    """Perform the writes of a decision, in order. The record of the event's own person is written by the caller."""
    person, now = decision.record.person, inbound.at
    if not decision.writes:
        return
    tables.audit.append(decision.of(Entry))
    tables.monthly_counts.add(decision.of(MonthlyCount))
    for write in decision.writes:
        match write:
            case ViewAdded():
                _add_view(tables, write, now)
            case Entry() | MonthlyCount() | Retied():
                pass  # written before, together
            case WrongCode(typist):
                tables.spoken_codes.wrong(typist, now)
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
                if decision.of(Retied):  # as they were before: what was taken over is theirs no more
                    row = tables.people.refreshed(lookup.rows[write.person])
                else:
                    found = tables.people.find(write.person)
                    assert found is not None, "others are people whose records were looked up"
                    row = found
                tables.people.decide(row, after=write)
            case PersonForgotten(forgotten, who):
                tables.rooms.forget_of(forgotten, now)
                tables.reminders.forget_of(forgotten)
                tables.sign_ins.forget_of(forgotten)
                with suppress(StoreFault):  # teams that were changed from outside must not keep anybody in
                    tables.teams.forget_of(who)
            case Team():
                tables.teams.keep(write)
            case _:
                assert_never(write)


def _add_view(tables: Tables, write: ViewAdded, now: datetime) -> None:
    """Write a view into a case. Raise `ValueError` if its person does not look at the case, or if anything else was changed."""
    case = tables.cases.find(write.mark)
    if case is None or case.head.progress.revision != write.revision:
        raise ValueError("the case is not there, or its answers have changed")
    before = decode(tables.cases.body(case, person=write.person, kinds=(TieKind.LOOK,), now=now))
    after = decode(write.body)
    was, now_is = before.result, after.result
    is_added = now_is.views[:-1] == was.views and len(now_is.views) == len(was.views) + 1
    if not is_added or replace(after, result=was) != before or now_is.log[: len(was.log)] != was.log:
        raise ValueError("somebody who looks at a case adds a view, and changes nothing")
    head = replace(case.head, lead=CaseLead(write.lead, write.lead_by))
    tables.cases.add_view(case, head, write.body, person=write.person, now=now)


def _refused_by(key: str, error: Exception) -> Refused:
    """Return the refusal for an exception, without its message, which may quote a person: its class, an error id and its place."""
    return Refused(key=key, error=f"{type(error).__name__} {secrets.token_hex(4)}", where=place_of(error.__traceback__))
