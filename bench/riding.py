"""Simulated people who repeat the benchmark's tour of a bot's cards, each of them at a different card."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.bots import Running
from bench.tour import Tour
from tests.fakes.telegram import FakeTelegram, Person

SETTLING = 0.4
"""How long a bot may go on working after a burst of taps, in seconds. Ours writes its delivery log in that time."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The average processor time and wall time of a tap, in milliseconds. `each` has the wall time of every tap."""

    cpu: float
    wall: float
    each: tuple[float, ...] = ()


class Rider:
    """A person who presses the buttons of the tour in order. `at` counts the presses since its first card."""

    def __init__(self, person: Person, tour: Tour, *, at: int = 0) -> None:
        self.person = person
        self._tour = tour
        self.at = at

    async def come(self, *, is_ours: bool) -> None:
        """Send /start and wait for a card. If the bot is ours, go to the first card of the tour."""
        await self.person.send("/start")
        await self.person.until(lambda: bool(self.person.keyboard_message), timeout=60)
        for label in self._tour.way_in if is_ours else ():
            await press(self.person, label)

    async def tap(self) -> float:
        """Press the next button. Return the time until it was answered and the card had changed, in milliseconds."""
        began = time.perf_counter()
        await press(self.person, self._tour.round[self.at % len(self._tour.round)].label)
        self.at += 1
        return (time.perf_counter() - began) * 1000


@dataclass(frozen=True, slots=True)
class Ride:
    """A running bot, the simulated people who use it, and the fake Bot API server between them."""

    name: str
    bot: Running
    server: FakeTelegram
    riders: tuple[Rider, ...]

    async def burst(self, flights: int, taps: int) -> Cost:
        """Let `flights` people press `taps` buttons each at the same time. Return the average cost of a tap."""
        return await self._cost(self.riders[:flights], taps, settling=SETTLING)

    async def single(self) -> Cost:
        """Return the cost of one tap of one person."""
        return await self._cost(self.riders[:1], 1, settling=0)

    async def _cost(self, riders: Sequence[Rider], taps: int, *, settling: float) -> Cost:
        cpu, wall = self.bot.cpu(), time.perf_counter()
        each = await asyncio.gather(*(_taps(rider, taps) for rider in riders))
        count, took = taps * len(riders), time.perf_counter() - wall
        await asyncio.sleep(settling)
        self.server.requests.clear()  # otherwise looking through them would be measured too
        flat = tuple(one for many in each for one in many)
        return Cost((self.bot.cpu() - cpu) / count * 1000, took / count * 1000, flat)


async def _taps(rider: Rider, taps: int) -> list[float]:
    return [await rider.tap() for _ in range(taps)]


async def press(person: Person, label: str) -> None:
    """Press a button, and wait until it is answered and the card has changed."""
    before, answered = person.card, len(person.answers)
    marked = f"{label} ✓"
    await person.click(marked if marked in before.labels else label)
    await person.until(lambda: len(person.answers) > answered and person.card != before, timeout=30)
