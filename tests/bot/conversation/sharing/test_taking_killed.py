"""Promise P1 where a case changes hands: whoever is killed while they take it over, one person has it, and nothing of it is lost.

`kill -9` does not test a power failure, after which writes that had not reached the disk may be missing.
"""

import asyncio
import itertools
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dialogs.core.session import Session
from dialogs.core.ties import TieKind
from tests.support.counts import IS_FULL
from tests.support.people.visiting import REFERENCE, Visitor
from tests.support.promising import Promise
from tests.support.second_look.three import PEOPLE, ask, code, come_together, fresh
from tests.support.store.cutting import at_write, needs_strace, watched
from tests.support.store.keeping import Keep

BY_NAME, BY_CODE = PEOPLE[1:]
"""The manager, who is asked by name, and the person of the night team, who is told a code. Both are asked to take the case over."""

STEP = 1 if IS_FULL else 6
"""In an ordinary run the process is killed at every sixth of its writes."""

TAKE = """
import asyncio, sys
from tests.bot.conversation.sharing import test_taking_killed as tests
asyncio.run(tests.take(*sys.argv[1:]))
"""

pytestmark = needs_strace


async def asked_of_two(keep: Keep) -> None:
    """Store a finished case that the manager and the night team are asked to take over."""
    store = await keep.opened()
    three = await come_together(store=store)
    await ask(three, "Hand over")
    await fresh(three.worker)
    await three.night.command("look", await code(three, "Hand over"))
    await fresh(three.worker)
    await three.worker.press("Yes: offer it")
    await fresh(three.night)
    await store.close()


async def seen(keep: Keep, person: str) -> Visitor:
    """Return the person as they are stored, with the store open."""
    visitor = Visitor(person, store=await keep.opened())
    visitor._keys = (secrets.token_hex(8) for _ in itertools.count())  # noqa: SLF001 — a new process has new taps
    visitor.bot = replace(visitor.bot, bare_script=replace(visitor.bot.bare_script, shares=True))
    return await again(visitor)


async def again(visitor: Visitor) -> Visitor:
    found = await visitor.store.recall(visitor.person)
    assert found is not None
    visitor.record = found[0]
    return visitor


async def take(folder: str, person: str) -> None:
    """Tap `Take it` once the tracer is attached, and print that it was acknowledged."""
    visitor = await seen(Keep(Path(folder)), person)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    await visitor.press("Take it")
    assert visitor.toasts == ["share-taken"]
    sys.stdout.write("taken\n")
    sys.stdout.flush()


async def killed_at(keep: Keep, person: str, number: int) -> tuple[bool, bool]:
    """Let somebody take the case over, killed at their n-th write. Return whether they were killed, and were told that it is theirs."""
    taking = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", TAKE, str(keep.folder), person), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert taking.stdin
    assert taking.stdout
    assert await taking.stdout.readline() == b"ready\n"
    async with watched(at_write(number), taking.pid):
        said, _ = await taking.communicate(b"\n")
    assert taking.returncode in {0, -9}
    return taking.returncode != 0, b"taken" in said


@dataclass(frozen=True, slots=True)
class Hands:
    """Who holds the case by their own list and by the ties, what it says, and how often the audit says that it was taken."""

    holders: tuple[str, ...]
    by_ties: tuple[str, ...]
    says: Session
    taken: int
    is_whole: bool


async def hands(keep: Keep) -> Hands:
    """Return in whose hands the stored case is."""
    worker = await seen(keep, PEOPLE[0])
    store = worker.store
    people = {person: await again(Visitor(person, store=store)) for person in PEOPLE}
    holders = tuple(person for person, each in people.items() if each.record.head_of(REFERENCE))
    (tied,) = [tied for tied in people[PEOPLE[0]].record.tied if tied.head.reference == REFERENCE]
    by_ties = tuple(tie.person for tie in tied.sharing.ties if tie.kind is TieKind.HOLDER)
    taken = (await worker.words()).count("taken")
    is_whole = not (await store.verify()).what and not await store.examine()
    says = people[holders[0]].session
    await store.close()
    return Hands(holders, by_ties, says, taken, is_whole)


@pytest.mark.prove
async def test_a_case_is_in_one_persons_hands_wherever_its_taking_is_killed(tmp_path: Path, promise: Promise) -> None:
    first = Keep.made(tmp_path / "first")
    await asked_of_two(first)
    before = await hands(first)
    assert (before.holders, before.taken) == ((PEOPLE[0],), 0)

    kills = 0
    for person, other in ((BY_NAME, BY_CODE), (BY_CODE, BY_NAME))[: 2 if IS_FULL else 1]:
        is_killed, number = True, 1
        while is_killed:
            keep = Keep(tmp_path / f"{person.partition(':')[2]}-{number}")
            shutil.copytree(first.folder, keep.folder)

            is_killed, is_told = await killed_at(keep, person, number)

            after = await hands(keep)
            is_taken = after.holders == (person,)
            assert after.holders == after.by_ties == ((person,) if is_taken else (PEOPLE[0],)), (person, number)
            assert (after.taken, after.is_whole) == (int(is_taken), True), (person, number)
            assert after.says.answers.items == before.says.answers.items
            assert after.says.result.log == before.says.result.log
            assert is_taken or not is_told, "lost after it was acknowledged"
            assert is_taken == await is_over_for(keep, other)
            kills, number = kills + is_killed, number + STEP
            shutil.rmtree(keep.folder)
    promise.reached("P1", asked=kills, reached=kills, of="kills while a case changes hands: one holder, nothing lost")


async def is_over_for(keep: Keep, person: str) -> bool:
    """Let the other of the two take the case over. Return True if it was too late, and nobody's hands have changed."""
    before = await hands(keep)
    other = await seen(keep, person)
    is_offered = "Take it" in other.labels
    if is_offered:
        await other.press("Take it")
    await other.store.close()
    after = await hands(keep)
    assert (after.holders, after.taken) == (((person,), 1) if is_offered else (before.holders, before.taken))
    return not is_offered
