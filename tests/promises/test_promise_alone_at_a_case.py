"""P5: nobody sees or changes another's case, whatever they press; and each role can do what its row says, and no more."""

import asyncio
from collections import Counter
from itertools import count
from pathlib import Path
from random import Random

import pytest

from bot.assemble import terms_of
from bot.conversation.changes import locking, removal, renewal
from bot.conversation.records import session_of
from bot.storage.sqlite.store import SqliteStore
from bot.storage.values import Inbound, Record
from dialogs.turn.commands import NAMES
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.counts import times
from tests.support.people.cells import cells
from tests.support.people.commands import COMMANDS
from tests.support.people.crowds import FORGED, run
from tests.support.promising import Promise
from tests.support.telegram.bots import At, running
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.walker import Walker

STEPS = 80
"""What happens in a run."""

TOUCHES = 25
"""What one of three does to another, over HTTP."""

PEOPLE = (SAM, KIM, 11)

ABREAST = 5
"""Houses at a time: each waits for the order of its administrator to be shown, and computes little meanwhile."""


@pytest.mark.prove
async def test_nobody_notices_what_others_press(promise: Promise) -> None:
    """P5: through forged, stale and double taps, used codes and orders half-way, each row, card and toast is as if alone."""
    runs, happened = times(10_000, 30), Counter[str]()

    for seed in range(runs):
        crowd = await run(seed, steps=STEPS)
        happened.update(entry.what for entry in await crowd.beside.together.store.audit.entries())

    assert {"begun", "erased", "removed", "renewed", "locked", "unlocked", "panic", "admitted"} <= happened.keys()
    promise.reached("P5", asked=runs, reached=runs, of="runs of two or three people: reads across 0, writes across 0")


@pytest.mark.prove
async def test_each_role_can_do_what_its_row_says_and_no_more(promise: Promise) -> None:
    """P5: role by command, in every standing, all of them."""
    every, wrong = cells(), {}

    for cell in every:
        if faults := await cell.faults():
            wrong[cell] = faults

    assert set(COMMANDS) == set(NAMES)
    assert wrong == {}
    promise.reached("P5", asked=len(every), reached=len(every) - len(wrong), of="cells: role, standing, command")


class Stranded:
    """One run over HTTP: three people in the middle of cases of their own, and what each does to another."""

    def __init__(self, home: Home, store: SqliteStore, draw: Random) -> None:
        self.home, self.store, self.draw = home, store, draw
        self.people = [home.server.person(number, first_name=f"Person {number}") for number in PEOPLE]

    async def begin(self) -> None:
        """Let each come to an item."""
        for person in self.people:
            await Walker(person, self.draw).begin(until_item=self.draw.randint(2, 6))
            await person.settled()

    async def record(self, person: Person) -> Record:
        """What is kept of somebody."""
        found = await self.store.recall(f"telegram:{person.chat_id}")
        assert found is not None
        return found[0]

    async def touch(self, one: Person, other: Person) -> None:
        """Let one press what is another's: the other's row stays as it is, byte for byte, and so does their card."""
        before, shown = await self.record(other), other.chat
        data = [button.callback_data for button in other.card.buttons if button.callback_data]
        token = data[0].partition(":")[0]
        data += [f"{token}:{self.draw.choice(FORGED)}"[:64]] * 3
        message = other.card if self.draw.random() < 0.5 or not one.chat else one.card
        self.home.server.world.tap(one.user, message, self.draw.choice(data))
        await one.settled()
        assert await self.record(other) == before
        assert other.chat == shown

    async def order(self, person: Person) -> None:
        """Let an administrator change somebody beside the running bot, and wait until their chat shows it."""
        now, terms, shown = self.home.server.world.clock(), terms_of(self.home.settings), person.chat
        decide = self.draw.choice((removal(now), locking(now), renewal(now, terms, has_new_pin=True)))
        await self.store.turns([Inbound(f"cli:{person.chat_id}", now, f"telegram:{person.chat_id}", decide, None)])
        await person.until(lambda: person.chat != shown, what="the order was not shown")
        await person.settled()

    def shown_across(self, references: dict[int, str]) -> list[str]:
        """Where a reference of one person ever stood in another's chat, or in what their taps were answered with."""
        read = {
            person.chat_id: repr([stay.versions for stay in person.history]) + repr(person.answers)
            for person in self.people
        }
        return [
            f"{reference} in the chat of {one}"
            for one, words in read.items()
            for other, reference in references.items()
            if one != other and reference in words
        ]


async def one_run(home: Home, draw: Random) -> None:
    """Let three people touch each other's cards, an administrator's order half-way, and see what stood in each chat."""
    store = await home.opened()
    three = Stranded(home, store, draw)
    await three.begin()
    references = {each.chat_id: session_of(await three.record(each)).reference for each in three.people}
    ordered, *others = draw.sample(three.people, 3)
    for _ in range(TOUCHES):
        await three.touch(*draw.sample(three.people, 2))
    await three.order(ordered)
    for _ in range(TOUCHES):
        await three.touch(draw.choice((ordered, others[0])), others[1])
    assert three.shown_across(references) == []
    await store.close()


@pytest.mark.prove
async def test_nobody_reaches_anothers_case_over_http(tmp_path: Path, promise: Promise) -> None:
    """P5: buttons of another's card and none of theirs, pressed on another's message and on one's own, an order half-way."""
    runs, waiting = times(60, 1), asyncio.Semaphore(ABREAST)

    async def one_house(seed: int) -> None:
        """A house of its own, while others wait for theirs."""
        references = (f"HAZEL OTTER {number}" for number in count(10))
        async with waiting, FakeTelegram(clock=FakeClock()) as server:
            home = Home(tmp_path / str(seed), server, admitted=frozenset(PEOPLE))
            async with running(home, At(server.world.clock), references=references.__next__):
                await one_run(home, Random(seed))

    await asyncio.gather(*map(one_house, range(runs)))

    promise.reached("P5", asked=runs, reached=runs, of="runs over HTTP: reads across 0, writes across 0")
