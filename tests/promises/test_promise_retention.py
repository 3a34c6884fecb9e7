"""P12 of docs/promises.md: expired cases are erased in time, other rows do not change, and held cases stay."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.access.account import Account, read_account
from bot.conversation.changes import letting_go
from bot.operations.housekeeping import pass_time, purge
from bot.runtime.clock import LONDON
from bot.storage.sqlite.memory import in_memory
from bot.storage.store import Store
from bot.storage.values import Done, Record
from bot.trail.audit import AuditEvent
from dialogs.core.replies import Ring
from tests.fakes.telegram import FakeClock
from tests.support.counts import times
from tests.support.people.households import KEYS, Household, guarded_at, words_of
from tests.support.people.terms import Kept, cases, moments, terms_by_lot
from tests.support.promising import Promise
from tests.support.store.server import store_at

AT_ONCE, MOST = 3, 500
EVER = datetime(1970, 1, 1, tzinfo=UTC)
LATER = datetime(2030, 1, 1, tzinfo=UTC)


class Years:
    """A store that lives through each moment at which a case is due. The sweeper or `purge` cleans it."""

    def __init__(self, store: Store, draw: Random, *, people: int) -> None:
        terms, clock = terms_by_lot(draw), FakeClock()
        self.house, self.is_swept = Household(clock, guarded_at(clock, terms), store), draw.random() < 0.5
        self.kept = cases(draw, terms, people=people)
        self.rung = Counter[str]()

    async def pass_by(self, looks: Callable[[int], Awaitable[None]]) -> None:
        """Move the clock to each due moment, clean and check the store. `looks` gets the number of cases to be left."""
        for now in moments(self.kept):
            self.house.clock.set(now)
            for each in self.kept:
                if each.since == now:
                    await self.house.operate(each.person, each.begun(self.house))
            await self._do(now)
            for each in self.kept:
                if now >= each.since:
                    await self._is_right(each, now)
            await looks(sum(each.is_there(now) for each in self.kept))

    async def _do(self, now: datetime) -> None:
        await (self._sweep(now) if self.is_swept else self._purge(now))

    async def _purge(self, now: datetime) -> None:
        before = {record.person: record for record, _ in await self.house.store.everyone()}
        over = {each.person for each in self.kept if each.person in before and not each.is_there(now)}
        due = {person for person in over if before[person].heads}
        erased, errors = await purge(self.house.store, self.house.conversation, now=now)
        assert (erased, errors) == (len(due), ())
        after = {record.person: record for record, _ in await self.house.store.everyone()}
        assert {one: row for one, row in after.items() if one not in due} == {
            one: row for one, row in before.items() if one not in due
        }

    async def _sweep(self, now: datetime) -> None:
        for person in await self.house.store.read(lambda t: t.people.due(now, EVER, most=MOST)):
            outcome = await pass_time(self.house.store, self.house.conversation, person=person, now=now)
            assert isinstance(outcome, Done), outcome
            self.rung[person] += Ring() in outcome.effects

    async def _is_right(self, each: Kept, now: datetime) -> None:
        record, _ = await self._row(each)
        assert record.case == (each.text if each.is_there(now) else None), (each, now)
        is_warned = record.head is not None and record.head.is_warned
        assert is_warned == (self.is_swept and each.is_announced(now)), (each, now)
        assert self.rung[each.person] == int(self.is_swept and each.kind != "held" and now >= each.warned)
        if is_warned:
            local = each.cut.astimezone(LONDON)
            said = f"{local.day} {local:%B %Y, %H:%M}"
            assert said in words_of(self.house.conversation.card(record))

    async def _row(self, each: Kept) -> tuple[Record, Account]:
        record = await self.house.record(each.person)
        access = read_account(record.access) if record else None
        assert record is not None
        assert isinstance(access, Account)
        return record, access

    async def let_go(self) -> None:
        """Check that held cases are unchanged years later, and that they are erased as soon as the hold is lifted."""
        self.house.clock.set(LATER)
        await self._do(LATER)
        for each in self.kept:
            assert (await self._row(each))[0].case == (each.text if each.kind == "held" else None)
            await self.house.operate(each.person, letting_go(each.session.reference, LATER))
        await self._sweep(LATER)
        for each in self.kept:
            assert (await self._row(each))[0].case is None
        erased = [
            entry.reference
            for entry in await self.house.store.read(lambda t: t.audit.entries())
            if entry.what == AuditEvent.ERASED_BY_TIME
        ]
        assert sorted(erased) == sorted(each.session.reference for each in self.kept)


async def counted_nowhere(_: int) -> None:
    """Do nothing, since a store in memory has no file whose rows could be counted."""


@pytest.mark.prove
async def test_each_case_is_erased_at_its_moment_and_no_other_is_touched(promise: Promise) -> None:
    """P12: random periods of 1 to 400 days, some over a clock change; looks 1 µs and 1 s before and after each end."""
    count = times(10_000, 40)

    for seed in range(count // AT_ONCE + 1):
        years = Years(in_memory(), Random(seed), people=AT_ONCE)
        await years.pass_by(counted_nowhere)
        await years.let_go()

    promise.reached("P12", asked=count, reached=count, of="cases: erased late 0, early 0, warned once, held kept")


@pytest.mark.prove
async def test_the_row_and_the_key_of_an_erased_case_are_gone(tmp_path: Path, promise: Promise) -> None:
    """P12: at each of these moments, the file has exactly as many cases and case keys as it must have."""
    count = times(1_000, 12)

    for seed in range(count // AT_ONCE + 1):
        store = await store_at(tmp_path / f"{seed}.sqlite", KEYS)

        async def as_many(left: int, store: Store = store) -> None:
            counted = [
                await store.read(lambda t, table=table: t.session.execute(f"SELECT count(*) FROM {table}").fetchone())  # type: ignore[misc]
                for table in ("cases", "case_keys")
            ]
            assert counted == [(left,), (left,)]

        years = Years(store, Random(seed), people=AT_ONCE)
        await years.pass_by(as_many)
        await years.let_go()
        await as_many(0)
        await store.close()

    promise.reached("P12", asked=count, reached=count, of="cases in a database: rows and keys gone")
