"""A store that lives as long as the process, for tests, rehearsals and the terminal; in all else the equal of SQLite."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from bot.runtime.clock import aware
from bot.storage.everybody import Everybody, See, Seen
from bot.storage.memory.channel_parts import MemoryChannelNotes, MemoryMessagesToRemove
from bot.storage.memory.parts import (
    MemoryAudit,
    MemoryContactChecks,
    MemoryEditions,
    MemoryEventKeys,
    MemoryInvitationCodes,
    MemoryMonthlyCounts,
    MemoryOwedDocuments,
    MemoryReminders,
    MemoryRooms,
)
from bot.storage.memory.passes import MemoryPasses
from bot.storage.memory.people import MemoryPeople
from bot.storage.memory.sign_ins import MemorySignIns
from bot.storage.shown import MessageToRemove, Shown
from bot.storage.store import MayForget
from bot.storage.turn_rules import attempt, decide_within_rules, first_record
from bot.storage.values import (
    Decide,
    Decision,
    Done,
    Inbound,
    KeyOnly,
    NeedsOthers,
    Others,
    Outcome,
    OutOfStep,
    Record,
    Refused,
    Repeated,
    Slice,
    Sorting,
)

Result = TypeVar("Result")


class _Rows(Protocol):
    """A part whose rows a turn may change."""

    rows: Any


class MemoryStore:
    """A `Store` in dictionaries; nothing in it outlives the process."""

    def __init__(self) -> None:
        self._people = MemoryPeople()
        self.audit = MemoryAudit()
        self.invitation_codes = MemoryInvitationCodes(self.audit)
        self.reminders = MemoryReminders()
        self.documents = MemoryOwedDocuments()
        self.contact_checks = MemoryContactChecks(self.audit)
        self.monthly_counts = MemoryMonthlyCounts()
        self.rooms = MemoryRooms(self._people, lambda room, now: self.passes.end(room, now))
        self.editions = MemoryEditions()
        self.event_keys = MemoryEventKeys()
        self.sign_ins = MemorySignIns(self.event_keys)
        self.passes = MemoryPasses(self._people, self.rooms, self.event_keys)
        self.messages_to_remove = MemoryMessagesToRemove()
        self.channel = MemoryChannelNotes()

    async def turns(self, inbounds: Sequence[Inbound]) -> tuple[Outcome, ...]:
        """Answer a batch in order, all or nothing."""
        with self._all_or_nothing():
            return tuple([self._turn(inbound) for inbound in inbounds])

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Put back every row that a turn may change, when what is done within fails."""
        codes, keys, messages = self.invitation_codes, self.event_keys, self.messages_to_remove
        parts: list[_Rows] = [
            self._people,
            self.audit,
            self.reminders,
            self.documents,
            self.monthly_counts,
            self.rooms,
            self.sign_ins,
            self.passes,
            codes,
            keys,
            messages,
        ]
        # A shallow copy is enough: what is in the rows is replaced, and never changed in place.
        before = [copy(part.rows) for part in parts]
        try:
            yield
        except BaseException:
            for part, rows in zip(parts, before, strict=True):
                part.rows = rows
            raise

    def _turn(self, inbound: Inbound) -> Outcome:
        """Answer one event; a refused one leaves its key and the message to be removed."""
        answer = self._answer if self.event_keys.add(inbound.key, inbound.at) else self._repeat
        outcome = attempt(inbound.key, partial(answer, inbound))
        if isinstance(outcome, Done | Refused) and inbound.person is not None and inbound.own_message is not None:
            self.messages_to_remove.keep(MessageToRemove(inbound.person, inbound.own_message, inbound.at, is_own=True))
        return outcome

    def _answer(self, inbound: Inbound) -> Outcome:
        decide = self._deciding(inbound)
        if inbound.person is None or decide is None:
            return KeyOnly(inbound.key)
        row = self._people.find(inbound.person)
        before = row.record if row else first_record(inbound.person)
        find, gather = partial(self.rooms.find, now=inbound.at), partial(self._others, now=inbound.at)
        decision = decide_within_rules(decide, before, find=find, gather=gather)
        if decision is None:
            return KeyOnly(inbound.key)
        self._people.decide(decision.record)
        self._keep_in_parts(decision, inbound)
        shown = self._people.rows[decision.record.person].shown
        return Done(inbound.key, before, decision.record, shown, decision.effects)

    def _others(self, needed: NeedsOthers, *, now: datetime) -> Others:
        """The others whom a decision needs."""
        records = tuple(row.record for each in needed.people if (row := self._people.find(each)))
        is_open = {each.mark: each for each in self.invitation_codes.open_at(now)}
        return Others(records, tuple(is_open[each] for each in needed.invitations if each in is_open))

    def _repeat(self, inbound: Inbound) -> Outcome:
        row = self._people.find(inbound.person)
        return Repeated(inbound.key, None, None) if row is None else Repeated(inbound.key, row.record, row.shown)

    def _deciding(self, inbound: Inbound) -> Decide | None:
        """The decision of an event, or what its code gives instead."""
        if inbound.redemption is None:
            return inbound.decide
        return inbound.redemption.redeem(self.invitation_codes.opened(inbound.redemption.code, inbound.at))

    def _keep_in_parts(self, decision: Decision, inbound: Inbound) -> None:
        """Keep what a decision brought for the other parts."""
        person = decision.record.person
        self.audit.rows += decision.entries
        if decision.spends and inbound.redemption is not None:
            self.invitation_codes.spend(inbound.redemption.code)
        if decision.reminder is not None:
            self.reminders.keep(decision.reminder)
        if decision.document is not None:
            self.documents.keep(decision.document)
        if decision.shares is not None:
            self.rooms.keep(decision.shares, actor=person, now=inbound.at)
        if decision.signs_in is not None:
            self.sign_ins.add(decision.signs_in)
        self.monthly_counts.add(decision.counts)
        self.rooms.end(decision.ends, inbound.at)
        if decision.record.case is None:
            self.documents.forget_case_of(person)
        self._keep_of_others(decision, inbound.at)

    def _keep_of_others(self, decision: Decision, now: datetime) -> None:
        """Keep what an administrator's turn changed of others, and of invitations."""
        for other in decision.others:
            self._people.decide(other)
            if other.case is None:
                self.documents.forget_case_of(other.person)
        self.invitation_codes.use_up(decision.withdraws)
        for issued in decision.issues:
            self.invitation_codes.keep(issued)
        if decision.forgets:
            self.rooms.leave(decision.forgets, now)
            self.reminders.forget_of(decision.forgets)
            self.sign_ins.forget_of(decision.forgets)

    async def recall(self, person: str) -> tuple[Record, Shown] | None:
        """The person's record and what their chat shows; None for somebody without a row."""
        row = self._people.find(person)
        return None if row is None else (row.record, row.shown)

    async def everybody(self, now: datetime, see: See[Seen]) -> Everybody[Seen]:
        """What is seen of everybody, and the invitations that are open now."""
        records = (row.record for row in self._people.everyone())
        seen = [found for each in records if (found := see(each.person, each.access)) is not None]
        return Everybody(tuple(seen), self.invitation_codes.open_at(aware(now)))

    async def everyone(self) -> tuple[tuple[Record, Shown], ...]:
        """Every person's record and what their chat shows, latest active first and the never active last."""
        return tuple((row.record, row.shown) for row in self._people.everyone())

    async def of_each(self, see: Callable[[Record], Result]) -> tuple[Result, ...]:
        """What is seen of every person's record, in the same order."""
        return tuple(see(row.record) for row in self._people.everyone())

    async def active_since(self, since: datetime) -> tuple[str, ...]:
        """People whose last accepted event is not before `since`, latest first."""
        return self._people.active_since(aware(since))

    async def due(self, now: datetime, born_until: datetime, *, most: int) -> tuple[str, ...]:
        """People for whom something is to happen by now, or whose live card was born by then: the longest due."""
        return self._people.due(aware(now), aware(born_until))[:most]

    async def next_due(self, after: datetime, *, card_lasts: timedelta | None) -> datetime | None:
        """When something is due next after a time: for somebody, of a reminder, or since a live card is so old then."""
        reminders = (each.due for each in self.reminders.rows.values())
        times = (*self._people.dues(card_lasts), *reminders)
        return min((each for each in times if each > aware(after)), default=None)

    async def changes(self) -> object:
        """Another thing each time: nobody counts what is changed here."""
        return object()

    async def with_case(self, order: Sorting, until: datetime, *, after: tuple[int, bytes] | None, most: int) -> Slice:
        """Of the next `most` people in this order, up to a time, those who have a case. `after` is where a slice ended."""
        return self._people.with_case(order, aware(until), after=after, most=most)

    async def show(self, person: str, shown: Shown) -> None:
        """Remember what the chat shows; a delivered card is no longer stale."""
        self._people.show(person, shown)

    async def show_many(self, rows: Mapping[str, Shown], *, within: float = 0.0) -> None:
        """The same for many people, at once."""
        for person, shown in rows.items():
            self._people.show(person, shown)

    async def forget_name(self, person: str, may: MayForget) -> bool:
        """Keep a hash in place of a person's name, where they may still be forgotten; whether it was done."""
        row = self._people.rows.get(person)
        if row is None or row.record.case is not None or not may(row.record, row.shown):
            return False
        self._people.forget_name(person)
        return True

    async def stale(self, since: datetime) -> tuple[str, ...]:
        """People active since then, or with a card in their chat, whose chat may not show their card; latest first."""
        return self._people.stale(aware(since))

    async def verify(self) -> OutOfStep:
        """Nobody else can change it."""
        return OutOfStep()

    async def is_gone(self, *, seconds: float) -> bool:
        """It is: there are no files."""
        return True

    async def scrub(self) -> None:
        """Nothing to do: nothing is on a disk."""

    async def close(self) -> None:
        """Nothing to do: nothing is open."""
