"""Several people who use one bot, on a clock that only the test moves. Tests check what stays in their chats."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from random import Random

from tests.fakes.telegram import FakeClock, FakeTelegram, Message, Person
from tests.support.telegram.bots import At, running
from tests.support.telegram.home import Home
from tests.support.telegram.walker import Walker

AT_ONCE = 10
"""The maximum number of people who use one bot."""

FIRST = 20
A_DAY = 1440

SAID = ("hello", "/help", "/resume", "/urgent", "/explain CSE", "/pause", "/nothing", "/contacts")

BLANK = "·"


class Chats:
    """People with one chat each, and a bot that can be stopped and started again."""

    def __init__(self, home: Home, clock: FakeClock, draw: Random) -> None:
        self.home, self.clock, self.draw = home, clock, draw
        self.people = [home.server.person(number, first_name="Person") for number in sorted(home.admitted)]

    def running(self) -> contextlib.AbstractAsyncContextManager[asyncio.Task[None]]:
        """Run the bot within a context."""
        return running(self.home, At(self.clock))

    async def each(self, does: Callable[[Person], Awaitable[object]]) -> None:
        """Let all people do something at the same time, and wait until all chats are quiet."""
        await asyncio.gather(*(does(person) for person in self.people))
        await asyncio.gather(*(person.settled(timeout=20) for person in self.people))

    async def begin(self, person: Person) -> None:
        """Let a person go to a random item, and type something on the way."""
        walker, until = Walker(person, self.draw), self.draw.randint(2, 5)
        await walker.begin(until_item=until)
        for words in self.draw.sample(SAID, self.draw.randint(0, 2)):
            await person.ask(words)

    async def begun(self) -> None:
        """Let all people begin, and wait until each chat has only one card, since new messages are paced."""
        await self.each(self.begin)
        await self.until(is_one_card, "it was not quiet")

    async def hours(self, until: float, *, step: float = 1.0, pause: float = 0.15) -> None:
        """Move the clock in steps up to `until` hours after the beginning, with pauses in which the bot can work."""
        while (left := until - self.passed) > 0:
            self.clock.advance(hours=min(step, left))
            await asyncio.sleep(pause)

    async def by(self, until: float, is_so: Callable[[Person], bool]) -> None:
        """Move the clock in steps of a minute until the condition holds for everybody, or `until` hours have passed."""
        while not all(map(is_so, self.people)) and self.passed < until:
            await self.hours(min(until, self.passed + 1 / 60), pause=0.5)

    @property
    def passed(self) -> float:
        """The hours since the beginning, by the clock."""
        return (self.clock() - FakeClock()()).total_seconds() / 3600

    async def until(self, is_so: Callable[[Person], bool], what: str, *, seconds: float = 45.0) -> None:
        """Wait until the condition holds for everybody, at most `seconds` of real time each."""
        for person in self.people:
            await person.until(partial(is_so, person), timeout=seconds, what=what)


def cards(person: Person) -> list[Message]:
    """Return the bot's messages in a chat."""
    return [message for message in person.chat if message.by_bot]


def is_one_card(person: Person) -> bool:
    """Return True if the chat contains exactly one message, and it is the bot's."""
    return len(person.chat) == len(cards(person)) == 1


def is_empty(person: Person) -> bool:
    """Return True if the chat contains no messages at all."""
    return not person.chat


@contextlib.asynccontextmanager
async def chats(folder: Path, seed: int, *, people: int) -> AsyncIterator[Chats]:
    """Yield this many people and a bot that is not running yet. Its chats lock after a day."""
    clock = FakeClock()
    async with FakeTelegram(clock=clock) as server:
        admitted = frozenset(range(FIRST, FIRST + people))
        yield Chats(Home(folder / str(seed), server, admitted=admitted, lock_minutes=A_DAY), clock, Random(seed))
        assert server.violations == []


def batches(count: int, most: int = AT_ONCE) -> list[tuple[int, int]]:
    """Split this many people into batches. Return the seed and size of each."""
    return [(start, min(most, count - start)) for start in range(0, count, most)]
