"""Pressing buttons on a bot and seeing what a tap costs: from the press until it is answered and the card has changed."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.bots import Running
from tests.fakes.telegram import Person


@dataclass(frozen=True, slots=True)
class Cost:
    """What a tap cost on average: milliseconds of processor time, and of wall time."""

    cpu: float
    wall: float


async def measure(bot: Running, people: Sequence[Person], labels: tuple[str, str], taps: int) -> Cost:
    """The cost of so many taps a person, all people at once, pressing the two labels in turn."""
    await _press_all(people, labels, 10)
    cpu, wall = bot.cpu(), time.perf_counter()
    await _press_all(people, labels, taps)
    count = taps * len(people)
    return Cost((bot.cpu() - cpu) / count * 1000, (time.perf_counter() - wall) / count * 1000)


async def _press_all(people: Sequence[Person], labels: tuple[str, str], taps: int) -> None:
    await asyncio.gather(*(_press(person, labels, taps) for person in people))


async def _press(person: Person, labels: tuple[str, str], taps: int) -> None:
    for number in range(taps):
        await press(person, labels[number % 2])


async def press(person: Person, label: str) -> None:
    """Press a button, and wait until it is answered and the card has changed."""
    before = person.card.text
    marked = f"{label} ✓"
    tap = await person.click(marked if marked in person.card.labels else label)
    await person.answered(tap)
    await person.until(lambda: person.card.text != before)
