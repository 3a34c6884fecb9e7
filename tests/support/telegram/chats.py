"""Several people at one bot, on a clock that only the test moves: what they leave in their chats, and for how long."""

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
"""The most people at one bot."""

FIRST = 20
A_DAY = 1440

SAID = ("hello", "/help", "/resume", "/urgent", "/explain CSE", "/pause", "/nothing", "/contacts")

BLANK = "·"


class Chats:
    """People with one chat each at a bot that can be stopped and started."""

    def __init__(self, home: Home, clock: FakeClock, draw: Random) -> None:
        self.home, self.clock, self.draw = home, clock, draw
        self.people = [home.server.person(number, first_name="Person") for number in sorted(home.admitted)]

    def running(self) -> contextlib.AbstractAsyncContextManager[asyncio.Task[None]]:
        """Run the bot inside a `with`."""
        return running(self.home, At(self.clock))

    async def each(self, does: Callable[[Person], Awaitable[object]]) -> None:
        """Let everybody do something at the same time, and wait until nothing moves."""
        await asyncio.gather(*(does(person) for person in self.people))
        await asyncio.gather(*(person.settled(timeout=20) for person in self.people))

    async def begin(self, person: Person) -> None:
        """Go to some item, typing something on the way."""
        walker, until = Walker(person, self.draw), self.draw.randint(2, 5)
        await walker.begin(until_item=until)
        for words in self.draw.sample(SAID, self.draw.randint(0, 2)):
            await person.ask(words)

    async def begun(self) -> None:
        """Let everybody begin, and wait until each has one card and nothing else, since new messages are paced."""
        await self.each(self.begin)
        await self.until(is_one_card, "it was not quiet")

    async def hours(self, until: float, *, step: float = 1.0, pause: float = 0.15) -> None:
        """Let hours pass in steps until so many after the beginning, with the bot looking in between."""
        while (left := until - self.passed) > 0:
            self.clock.advance(hours=min(step, left))
            await asyncio.sleep(pause)

    async def by(self, until: float, is_so: Callable[[Person], bool]) -> None:
        """Let minutes pass until something holds for everybody, within so many hours after the beginning."""
        while not all(map(is_so, self.people)) and self.passed < until:
            await self.hours(min(until, self.passed + 1 / 60), pause=0.5)

    @property
    def passed(self) -> float:
        """The hours since the beginning."""
        return (self.clock() - FakeClock()()).total_seconds() / 3600

    async def until(self, is_so: Callable[[Person], bool], what: str, *, seconds: float = 45.0) -> None:
        """Wait until something holds for everybody."""
        for person in self.people:
            await person.until(partial(is_so, person), timeout=seconds, what=what)


def cards(person: Person) -> list[Message]:
    """Return the bot's messages in a chat."""
    return [message for message in person.chat if message.by_bot]


def is_one_card(person: Person) -> bool:
    """True if the chat holds exactly one message, of the bot."""
    return len(person.chat) == len(cards(person)) == 1


def is_empty(person: Person) -> bool:
    """True if the chat holds no message of the bot or the person."""
    return not person.chat


@contextlib.asynccontextmanager
async def chats(folder: Path, seed: int, *, people: int) -> AsyncIterator[Chats]:
    """Return so many people at a bot that is not running yet, with chats that lock after a day."""
    clock = FakeClock()
    async with FakeTelegram(clock=clock) as server:
        admitted = frozenset(range(FIRST, FIRST + people))
        yield Chats(Home(folder / str(seed), server, admitted=admitted, lock_minutes=A_DAY), clock, Random(seed))
        assert server.violations == []


def batches(count: int, most: int = AT_ONCE) -> list[tuple[int, int]]:
    """Split so many people into batches, each with a seed and a size."""
    return [(start, min(most, count - start)) for start in range(0, count, most)]
