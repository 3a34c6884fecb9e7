"""Simulated people who go through a bot's form again and again, each of them at a different card."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.bots import Running
from bench.tour import Tour
from tests.fakes.telegram import FakeTelegram, Person

SETTLING = 0.4
"""The seconds that a bot is given after a burst to finish its work. Ours writes its delivery log in that time."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The average cost of a tap: processor time and wall time (milliseconds). `each` is the wall time of every tap."""

    cpu: float
    wall: float
    each: tuple[float, ...] = ()


class Rider:
    """A person who presses one button after the other; `at` counts the buttons pressed on the round."""

    def __init__(self, person: Person, tour: Tour, *, at: int = 0) -> None:
        self.person = person
        self._tour = tour
        self.at = at

    async def come(self, *, is_ours: bool) -> None:
        """Begin, and go to the first card of the round."""
        await self.person.send("/start")
        await self.person.until(lambda: bool(self.person.keyboard_message), timeout=60)
        for label in self._tour.way_in if is_ours else ():
            await press(self.person, label)

    async def tap(self) -> float:
        """Press the next button. Return the time until it was answered and the card had changed (milliseconds)."""
        began = time.perf_counter()
        await press(self.person, self._tour.round[self.at % len(self._tour.round)].label)
        self.at += 1
        return (time.perf_counter() - began) * 1000


@dataclass(frozen=True, slots=True)
class Ride:
    """A running bot, the people who use it, and the fake Bot API server between them."""

    name: str
    bot: Running
    server: FakeTelegram
    riders: tuple[Rider, ...]

    async def burst(self, flights: int, taps: int) -> Cost:
        """Let `flights` people press `taps` buttons each, all at the same time, and return the cost of a tap."""
        return await self._cost(self.riders[:flights], taps, settling=SETTLING)

    async def single(self) -> Cost:
        """Return the cost of one tap of one person."""
        return await self._cost(self.riders[:1], 1, settling=0)

    async def _cost(self, riders: Sequence[Rider], taps: int, *, settling: float) -> Cost:
        cpu, wall = self.bot.cpu(), time.perf_counter()
        each = await asyncio.gather(*(_taps(rider, taps) for rider in riders))
        count, took = taps * len(riders), time.perf_counter() - wall
        await asyncio.sleep(settling)
        self.server.requests.clear()  # or looking through them becomes what is measured
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
