"""P10 of docs/promises.md: after a removal, the bot answers that person nothing; and a chat locks exactly in time."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.access.account import BACKWARDS, Account, Terms, read_account
from bot.conversation.changes import removal
from bot.runtime.clock import local_time
from bot.storage.values import Decision, Inbound, KeyOnly, Outcome, Record
from bot.trail.audit import AuditEvent
from dialogs.core.events import Lapsed, Occasion
from dialogs.core.replies import Toast
from dialogs.core.role import Role
from tests.fakes.telegram import FakeClock
from tests.support.counts import times
from tests.support.people.admitting import admitting
from tests.support.people.households import (
    KEYS,
    Act,
    Household,
    accepted,
    guarded_at,
    in_the_middle,
    standing_at,
    with_case,
    words_of,
)
from tests.support.people.leaving import CONSULTING, PERSON, REFERENCE, TIME, Leaver
from tests.support.promising import Promise
from tests.support.store.builders import NOTHING_FOUND
from tests.support.store.server import store_at

BEFORE, AFTER = 15, 12
"""The maximum number of events before a removal, and the number of events after it."""

SECOND, MICROSECOND = timedelta(seconds=1), timedelta(microseconds=1)


async def in_batches(leaver: Leaver, count: int) -> list[Outcome]:
    outcomes: list[Outcome] = []
    while count > 0:
        batch = [await leaver.next() for _ in range(leaver.draw.randint(1, 4))][:count]
        outcomes += await leaver.house.turns(*batch)
        count -= len(batch)
    return outcomes


def answered(outcomes: list[Outcome]) -> list[Outcome]:
    return [each for each in outcomes if not (isinstance(each, KeyOnly) or each.key.startswith(TIME))]


def lasting(record: Record | None) -> Record | None:
    return record and replace(record, due=None)


def order(key: str, leaver: Leaver) -> Inbound:
    return Inbound(key, leaver.house.clock(), PERSON, removal(leaver.house.clock()), None)


@pytest.mark.prove
async def test_from_the_removal_on_nobody_is_answered(promise: Promise) -> None:
    """P10: every event that arrives after the removal is refused, and the row stays as the removal left it."""
    runs, unlocked = times(10_000, 30), 0

    for seed in range(runs):
        leaver = Leaver(Household.at(FakeClock()), Random(seed))
        await leaver.arrive()
        await in_batches(leaver, leaver.draw.randint(0, BEFORE))
        early = [await leaver.next() for _ in range(leaver.draw.randint(0, 3))]
        late = [await leaver.next() for _ in range(leaver.draw.randint(0, 3))]
        outcomes = (await leaver.house.turns(*early, order("cli", leaver), *late))[len(early) :]
        removed = accepted(outcomes[0]).record
        refused = [*outcomes[1:], *await in_batches(leaver, AFTER)]

        assert answered(refused) == []
        assert lasting(await leaver.house.record(PERSON)) == lasting(removed)
        assert await leaver.house.card(PERSON) is None
        assert all(head.held for head in removed.heads)
        unlocked += AuditEvent.UNLOCKED in [
            entry.what for entry in await leaver.house.store.read(lambda t: t.audit.entries())
        ]

    assert unlocked > runs // 20
    promise.reached("P10", asked=runs, reached=runs, of="orders of a removal among events of its person")


async def race_of_two_connections(folder: Path, draw: Random) -> tuple[list[Outcome], Record, list[int]]:
    """Race events at one connection with a removal at another.

    Return what came after, what the removal left, and how many cases and keys are in the database.
    """
    clock, path = FakeClock(), folder / "seraf.sqlite"
    store, desk = await store_at(path, KEYS), await store_at(path, KEYS)
    leaver = Leaver(Household(clock, guarded_at(clock), store), draw)
    await leaver.arrive()
    events = [[await leaver.next() for _ in range(draw.randint(1, 3))] for _ in range(draw.randint(1, 8))]
    wait = draw.random() * 0.01

    async def remove() -> Outcome:
        await asyncio.sleep(wait)
        (outcome,) = await desk.turns([order("cli", leaver)])
        return outcome

    removing = asyncio.create_task(remove())
    for batch in events:
        await leaver.house.turns(*batch)
    removed = accepted(await removing).record
    later = await in_batches(leaver, AFTER)
    assert lasting(await leaver.house.record(PERSON)) == lasting(removed)
    left = [
        (await store.read(lambda t, name=name: t.session.execute(f"SELECT count(*) FROM {name}").fetchone()))[0]  # type: ignore[misc]
        for name in ("cases", "case_keys")
    ]
    await asyncio.gather(store.close(), desk.close())
    return later, removed, left


@pytest.mark.prove
async def test_a_removal_by_another_process_holds_at_the_next_event(tmp_path: Path, promise: Promise) -> None:
    """P10: another connection to the file removes the person. A case that is not held is erased with its key."""
    runs = times(1_000, 6)

    for seed in range(runs):
        folder = tmp_path / str(seed)
        folder.mkdir(mode=0o700)
        later, removed, left = await race_of_two_connections(folder, Random(seed))

        assert answered(later) == []
        assert left == [len(removed.heads)] * 2

    promise.reached("P10", asked=runs, reached=runs, of="removals by another program, at any moment")


@pytest.mark.prove
async def test_a_chat_locks_at_its_second(promise: Promise) -> None:
    """P10: a second and a microsecond before and after the lock, and around a tolerated backward step of the clock."""
    runs, draw = times(2_000, 12), Random(10)

    for _ in range(runs):
        minutes, role = draw.randint(1, 1440), draw.choice(CONSULTING)
        begun = FakeClock()().replace(microsecond=draw.randrange(1_000_000)) + timedelta(seconds=draw.randrange(86_400))
        lock = timedelta(minutes=minutes)
        for edge, is_open_from in ((lock, False), (-BACKWARDS, True)):
            for by in (-SECOND, -MICROSECOND, timedelta(0), MICROSECOND, SECOND):
                is_open = (by >= timedelta(0)) == is_open_from
                assert await is_open_at(begun, edge + by, role, Terms(lock=lock)) == (is_open, is_open, is_open)

    promise.reached("P10", asked=10 * runs, reached=10 * runs, of="moments either side of a lock: seen and pressed")


async def is_open_at(begun: datetime, later: timedelta, role: Role, terms: Terms) -> tuple[bool, bool, bool]:
    """Return three values: the card shows the case, a button of it counts, and the chat stays open as time passes."""
    clock = FakeClock(begun)
    house = Household.at(clock, terms)
    await house.operate(PERSON, admitting(standing_at(clock, role, "0a0b0c0d")))
    session = in_the_middle(Random(later.seconds), card=3, reference=REFERENCE)
    await house.operate(PERSON, lambda record, _: Decision(with_case(record, session), ()))
    clock.set(begun + later)
    seen = REFERENCE in words_of(await house.card(PERSON))
    before = await house.record(PERSON)
    assert before is not None
    event = Lapsed(Occasion(local_time(clock()), ""))
    passed = house.conversation.decide(event)(before, NOTHING_FOUND)
    pressed = accepted(await house.take(Act(PERSON, "1", "3:g:back")))
    assert isinstance(passed, Decision)
    locked = read_account(passed.record.access)
    assert isinstance(locked, Account)
    assert (Toast("closed-locked") in pressed.effects) == (pressed.record.case == before.case)
    return seen, pressed.record.case != before.case, not locked.door.is_locked
