"""A turn as SQL: one event answered within a transaction that was begun already, in a savepoint of its own."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.runtime.errors import DamagedValue
from bot.storage.passes import PassDone, PassOutcome, PassTurn, decide_pass
from bot.storage.shown import NOTHING_SHOWN, MessageToRemove
from bot.storage.sqlite.database.transaction import fault, primary_code
from bot.storage.sqlite.keyed_connection import Tables
from bot.storage.turn_rules import attempt, decide_within_rules, first_record, refused_by
from bot.storage.values import (
    Decide,
    Decision,
    Done,
    Entry,
    Inbound,
    KeyOnly,
    NeedsOthers,
    Others,
    Outcome,
    Record,
    Refused,
    Repeated,
)
from bot.trail.audit import BOT, What

Answered = TypeVar("Answered")


class DamageMet(Exception):
    """One event's answer met damage: all is to be undone, and done again with that event refused."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.error)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Turns:
    """Answers events in one transaction; each sees what the one before it kept. Those that met damage before are refused."""

    database: sqlite3.Connection
    tables: Tables
    damaged: Mapping[str, Refused] = field(default_factory=dict)

    def take(self, inbound: Inbound) -> Outcome:
        """Answer one event; a refused one leaves its key and the message to be removed."""
        # Before the savepoint: what is rolled back leaves the key, or an event that fails would come again for ever.
        is_new = self.tables.event_keys.add(self.database, inbound.key, at=inbound.at)
        outcome = self._contained(inbound.key, partial(self._answer if is_new else self._repeat, inbound))
        if self.tables.ledger.is_refusal_new():
            self.tables.audit.append(self.database, [Entry(inbound.at, BOT, What.OUT_OF_STEP)])
        if isinstance(outcome, Done | Refused) and inbound.person is not None and inbound.own_message is not None:
            message = MessageToRemove(inbound.person, inbound.own_message, inbound.at, is_own=True)
            self.tables.messages_to_remove.keep(self.database, message)
        return outcome

    def take_pass(self, turn: PassTurn) -> PassOutcome:
        """Answer one event of a browser; a refused one leaves its key."""
        is_new = self.tables.event_keys.add(self.database, turn.key, at=turn.at)
        return self._contained(turn.key, partial(self._answer_pass, turn, is_new=is_new))

    def _contained(self, key: str, answer: Callable[[], Answered]) -> Answered | Refused:
        """The answer, within a savepoint of its own; `Refused` where it failed, and then nothing of it is left."""
        self.database.execute("SAVEPOINT turn")
        position = self.tables.ledger.position()
        work = partial(self._alone, answer, key)
        outcome: Answered | Refused = (
            self.damaged[key] if key in self.damaged else attempt(key, work, fatal=(sqlite3.Error, DamageMet))
        )
        if isinstance(outcome, Refused):
            self.database.execute("ROLLBACK TO turn")
            self.tables.ledger.rewind(position)
            self.tables.event_keys.refuse(self.database, key, error=outcome.error)
        self.database.execute("RELEASE turn")
        return outcome

    def _answer_pass(self, turn: PassTurn, *, is_new: bool) -> PassDone:
        passes, rooms = self.tables.passes, self.tables.rooms
        before = passes.find(self.database, turn.name, now=turn.at)
        if not is_new:
            return PassDone(turn.key, before)
        shared = rooms.find(self.database, before.room if before else turn.room, now=turn.at)
        decision = decide_pass(turn, before, shared)
        if decision is None:
            return PassDone(turn.key, before)
        if decision.kept is not None:
            passes.keep(self.database, decision.kept)
        elif before is not None:
            passes.forget(self.database, turn.name)
        if decision.leaves and shared is not None:
            rooms.keep(self.database, replace(shared, text=decision.leaves), actor="", now=turn.at)
        return PassDone(turn.key, decision.kept, decision.effects)

    def _answer(self, inbound: Inbound) -> Outcome:
        decide = self._deciding(inbound)
        if inbound.person is None or decide is None:
            return KeyOnly(inbound.key)
        people = self.tables.people
        row = people.find(self.database, inbound.person)
        before = row.record if row else first_record(inbound.person)
        find = partial(self.tables.rooms.find, self.database, now=inbound.at)
        decision = decide_within_rules(decide, before, find=find, gather=partial(self._others, now=inbound.at))
        if decision is None:
            return KeyOnly(inbound.key)
        people.decide(self.database, row or people.meet(self.database, inbound.person), after=decision.record)
        self._keep_in_parts(decision, inbound)
        return Done(inbound.key, before, decision.record, row.shown if row else NOTHING_SHOWN, decision.effects)

    def _alone(self, answer: Callable[[], Answered], key: str) -> Answered:
        """The answer. `DamageMet` where SQLite meets damage on the way: it keeps nothing more in this transaction."""
        try:
            return answer()
        except sqlite3.DatabaseError as error:
            if primary_code(error) != sqlite3.SQLITE_CORRUPT:
                raise
            raise DamageMet(refused_by(key, fault(error))) from error

    def _others(self, needed: NeedsOthers, *, now: datetime) -> Others:
        """The others whom a decision needs."""
        records = [found for each in needed.people if (found := self._record(each))]
        return Others(tuple(records), self.tables.invitation_codes.some(self.database, needed.invitations, now=now))

    def _record(self, person: str) -> Record | None:
        try:
            row = self.tables.people.find(self.database, person)
        except DamagedValue:  # refused, and so nobody's to change
            return None
        return None if row is None else row.record

    def _repeat(self, inbound: Inbound) -> Outcome:
        row = None if inbound.person is None else self.tables.people.find(self.database, inbound.person)
        return Repeated(inbound.key, None, None) if row is None else Repeated(inbound.key, row.record, row.shown)

    def _deciding(self, inbound: Inbound) -> Decide | None:
        """The decision of an event, or what its code gives instead."""
        if inbound.redemption is None:
            return inbound.decide
        codes = self.tables.invitation_codes
        return inbound.redemption.redeem(codes.opened(self.database, inbound.redemption.code, now=inbound.at))

    def _keep_in_parts(self, decision: Decision, inbound: Inbound) -> None:
        """Keep what a decision brought for the other parts."""
        tables = self.tables
        if decision.entries:
            tables.audit.append(self.database, decision.entries)
        if decision.spends and inbound.redemption is not None:
            tables.invitation_codes.spend(self.database, inbound.redemption.code)
        if decision.reminder is not None:
            tables.reminders.keep(self.database, decision.reminder)
        if decision.document is not None:
            tables.documents.keep(self.database, decision.document)
        if decision.shares is not None:
            tables.rooms.keep(self.database, decision.shares, actor=decision.record.person, now=inbound.at)
        if decision.ends:
            tables.rooms.end(self.database, decision.ends)
            tables.passes.end(self.database, decision.ends, now=inbound.at)
        if decision.signs_in is not None:
            tables.sign_ins.keep(self.database, decision.signs_in)
        if decision.counts:
            tables.monthly_counts.add(self.database, decision.counts)
        self._keep_of_others(decision, inbound.at)

    def _keep_of_others(self, decision: Decision, now: datetime) -> None:
        """Keep what an administrator's turn changed of others, and of invitations."""
        tables = self.tables
        for other in decision.others:
            row = tables.people.find(self.database, other.person)
            assert row is not None, "others are people whose records were given"
            tables.people.decide(self.database, row, after=other)
        tables.invitation_codes.withdraw(self.database, decision.withdraws)
        for issued in decision.issues:
            tables.invitation_codes.issue(self.database, issued.code, text=issued.text, until=issued.until)
        if decision.forgets:
            tables.forget_rooms_of(self.database, decision.forgets, now=now)
            tables.reminders.forget_of(self.database, decision.forgets)
            tables.sign_ins.forget_of(self.database, decision.forgets)
