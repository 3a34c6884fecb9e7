"""Promise P1 where a case changes hands: whoever is killed while they take it over, one person has it, and nothing of it is lost.

`kill -9` does not test a power failure, after which writes that had not reached the disk may be missing.
"""

import asyncio
import itertools
import multiprocessing
import secrets
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

import pytest

from bot.storage.store import Store
from dialogs.core.session import Session
from dialogs.core.ties import TieKind
from tests.support.counts import times
from tests.support.people.visiting import REFERENCE, Visitor
from tests.support.promising import Promise
from tests.support.second_look.three import PEOPLE, come_together, offer_to_two
from tests.support.store.cutting import at_write, needs_strace, watched
from tests.support.store.keeping import Keep

BY_NAME, BY_CODE = PEOPLE[1:]
"""The manager, who is asked by name, and the person of the night team, who is told a code. Both are asked to take the case over."""

TAKERS = ((BY_NAME, BY_CODE), (BY_CODE, BY_NAME))[: times(2, 1)]
STEP = times(1, 10)
"""In full the process is killed at each of its writes."""

Found = TypeVar("Found")

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])

pytestmark = needs_strace


async def asked_of_two(keep: Keep) -> None:
    """Store a finished case that the manager and the night team are asked to take over."""
    store = await keep.opened()
    three = await come_together(store=store)
    await offer_to_two(three)
    await store.close()


async def seen(store: Store, person: str) -> Visitor:
    """Return the person as they are stored."""
    visitor = Visitor(person, store=store)
    visitor._keys = (secrets.token_hex(8) for _ in itertools.count())  # noqa: SLF001 — a new process has new taps
    visitor.bot = replace(visitor.bot, bare_script=replace(visitor.bot.bare_script, shares=True))
    found = await store.recall(person)
    assert found is not None
    visitor.record = found[0]
    return visitor


def take(keep: Keep, person: str, pipe: Connection) -> None:
    """Tap `Take it` once the tracer is attached, and say that it was acknowledged."""
    asyncio.run(_take(keep, person, pipe))


async def _take(keep: Keep, person: str, pipe: Connection) -> None:
    visitor = await seen(await keep.opened(), person)
    pipe.send("ready")
    pipe.recv()
    await visitor.press("Take it")
    assert visitor.toasts == ["share-taken"]
    pipe.send("taken")
    await visitor.store.close()


async def killed_at(keep: Keep, person: str, number: int) -> tuple[bool, bool]:
    """Let somebody take the case over, killed at their n-th write. Return whether they were killed, and were told that it is theirs."""
    pipe, theirs = PROCESSES.Pipe()
    taking = PROCESSES.Process(target=take, args=(keep, person, theirs))
    taking.start()
    theirs.close()
    assert pipe.recv() == "ready"
    assert taking.pid is not None
    async with watched(at_write(number), taking.pid):
        pipe.send("go")
        await asyncio.to_thread(taking.join)
    assert taking.exitcode in {0, -9}
    try:
        is_told = pipe.recv() == "taken"
    except EOFError:
        is_told = False
    return taking.exitcode != 0, is_told


@dataclass(frozen=True, slots=True)
class Hands:
    """Who holds the case by their own list and by the ties, what it says, and how often the audit says that it was taken."""

    holders: tuple[str, ...]
    by_ties: tuple[str, ...]
    says: Session
    taken: int


async def hands(store: Store) -> Hands:
    """Return in whose hands the stored case is. The store must be whole."""
    people = {person: await seen(store, person) for person in PEOPLE}
    holders = tuple(person for person, each in people.items() if each.record.head_of(REFERENCE))
    (tied,) = [tied for tied in people[PEOPLE[0]].record.tied if tied.head.reference == REFERENCE]
    by_ties = tuple(tie.person for tie in tied.sharing.ties if tie.kind is TieKind.HOLDER)
    taken = (await people[PEOPLE[0]].words()).count("taken")
    assert not (await store.verify()).what
    return Hands(holders, by_ties, people[holders[0]].session, taken)


@pytest.mark.prove
async def test_a_case_is_in_one_persons_hands_wherever_its_taking_is_killed(tmp_path: Path, promise: Promise) -> None:
    first, kills = Keep.made(tmp_path / "first"), 0
    await asked_of_two(first)
    before = await at(first, hands)
    assert (before.holders, before.taken) == ((PEOPLE[0],), 0)

    for person, other in TAKERS:
        is_killed, number = True, 1
        while is_killed:
            keep = Keep(tmp_path / f"{person.partition(':')[2]}-{number}")
            shutil.copytree(first.folder, keep.folder)

            is_killed, is_told = await killed_at(keep, person, number)

            after = await at(keep, hands)
            is_taken = after.holders == (person,)
            assert after.holders == after.by_ties == ((person,) if is_taken else (PEOPLE[0],)), (person, number)
            assert after.taken == int(is_taken), (person, number)
            assert after.says.answers.items == before.says.answers.items
            assert after.says.result.log == before.says.result.log
            assert is_taken or not is_told, "lost after it was acknowledged"
            assert await at(keep, partial(taken_by_the_other, person=other)) == (not is_taken)
            kills, number = kills + is_killed, number + STEP
            shutil.rmtree(keep.folder)
    assert kills
    promise.reached("P1", asked=kills, reached=kills, of="kills while a case changes hands: one holder, nothing lost")


async def taken_by_the_other(store: Store, *, person: str) -> bool:
    """Let the other of the two take the case over. Return False if it was too late, and nobody's hands have changed."""
    before, other = await hands(store), await seen(store, person)
    is_offered = "Take it" in other.labels
    if is_offered:
        await other.press("Take it")
    after = await hands(store)
    assert (after.holders, after.taken) == (((person,), 1) if is_offered else (before.holders, before.taken))
    return is_offered


async def at(keep: Keep, look: Callable[[Store], Awaitable[Found]]) -> Found:
    """Open the store as after a restart, and look at it."""
    store = await keep.opened()
    try:
        return await look(store)
    finally:
        await store.close()
