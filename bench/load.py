"""Measures the bot under load.

In `python -m bench.load 10`, many people who are in the middle of a SERAF tap for ten minutes. Then the rate is raised
step by step, as long as 99 of 100 taps are answered within the limit.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from bench.bots import Running, ours
from bench.riding import press
from bench.sessions import FIRST_PERSON, fill
from tests.fakes.telegram import FakeTelegram, Person

RATE = 30
"""The number of taps per second in the first measurement."""

LIMIT = 200.0
"""The time within which 99 of 100 taps have to be answered (milliseconds)."""

TELEGRAMS_OWN = 30
"""The number of messages per second that Telegram lets a bot send to different chats, according to its FAQ for bots."""

COMING = 20
"""How many people per second open their card before the taps. Each gets a new message, and Telegram limits those."""

STEP, STEP_SECONDS = 1.5, 20
"""The factor by which the rate of each step exceeds that of the one before, and the length of a step (seconds)."""

CONSOLE = Console(highlight=False)


@dataclass(slots=True)
class Crowd:
    """People who take turns in tapping, the duration of each tap (milliseconds), and the number of failed taps."""

    people: Sequence[Person]
    took: list[float] = field(default_factory=list)
    failed: int = 0

    async def come(self) -> None:
        """Let everybody open the card that they left, `COMING` people per second."""
        for start in range(0, len(self.people), COMING):
            began = time.perf_counter()
            await asyncio.gather(*(self._arrive(person) for person in self.people[start : start + COMING]))
            await asyncio.sleep(max(0.0, 1.0 - (time.perf_counter() - began)))

    async def _arrive(self, person: Person) -> None:
        await person.send("/start")
        await person.until(lambda: "Go on" in _offered(person), timeout=60)
        await press(person, "Go on")

    async def tap(self, rate: float, seconds: float) -> list[float]:
        """Make `rate` taps per second; people take turns. Return the durations of answered taps (ms), sorted."""
        self.took, loop = [], asyncio.get_running_loop()
        began, count, taps = loop.time(), int(rate * seconds), set[asyncio.Task[None]]()
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
            taps.add(asyncio.create_task(self._once(self.people[number % len(self.people)])))
        await asyncio.gather(*taps)
        return sorted(self.took)

    async def _once(self, person: Person) -> None:
        """Press the first of “Go on”, “No”, “Back” and “Not known” that the card has, and record the duration."""
        began = time.perf_counter()
        try:
            await press(
                person, next(each for each in ("Go on", "No", "Back", "Not known") if each in person.card.labels)
            )
        except AssertionError:
            self.failed += 1
        else:
            self.took.append((time.perf_counter() - began) * 1000)


def _offered(person: Person) -> tuple[str, ...]:
    return person.keyboard_message.labels if person.keyboard_message else ()


def quantiles(took: Sequence[float]) -> str:
    """Return the median, the 95th and the 99th percentile of sorted times (milliseconds) as text."""
    return " · ".join(f"p{part} {at(took, part):,.0f} ms" for part in (50, 95, 99))


def at(took: Sequence[float], part: int) -> float:
    """Return the value below which `part` percent of the sorted values lie, or infinity if there are no values."""
    return took[min(len(took) * part // 100, len(took) - 1)] if took else float("inf")


async def under_load(people: int, minutes: float, folder: Path) -> None:
    """Run the bot under load, and print the results."""
    await fill(folder, people, ago=timedelta())
    async with FakeTelegram() as server, ours(folder, server, program="bench.timed") as bot:
        crowd = Crowd([server.person(FIRST_PERSON + number) for number in range(people)])
        await crowd.come()
        CONSOLE.print(f"{people:,} people came; {_held(bot)}")
        took = await crowd.tap(RATE, minutes * 60)
        CONSOLE.print(f"{RATE} taps a second for {minutes:g} minutes, {len(took):,} answered, {crowd.failed} not")
        CONSOLE.print(f"tap to edit: {quantiles(took)}; {_held(bot)}")
        best = await _highest(crowd)
        CONSOLE.print(
            f"highest rate with p99 ≤ {LIMIT:.0f} ms: {best:.0f} a second; Telegram lets a bot send {TELEGRAMS_OWN}"
        )
    commits = sorted(json.loads((folder / "commits").read_text()))
    CONSOLE.print(f"commit of a batch, whatever the rate: {quantiles(commits)}")


async def _highest(crowd: Crowd) -> float:
    """Raise the rate step by step. Return the highest rate (taps per second) within the limit, or 0 if none was."""
    best, rate = 0.0, RATE / STEP
    while True:
        rate *= STEP
        took = await crowd.tap(rate, STEP_SECONDS)
        CONSOLE.print(f"  {rate:.0f} a second: {quantiles(took)}")
        if at(took, 99) > LIMIT or crowd.failed:
            return best
        best = rate


def _held(bot: Running) -> str:
    return f"memory {bot.resident() / 2**20:.0f} MiB, {bot.handles()} files and sockets open"


def main() -> None:
    """Read the arguments, and run the benchmark in a temporary folder on disk, so that commits take their real time."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("minutes", type=float, nargs="?", default=1.0)
    parser.add_argument("--people", type=int, default=2_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMIT_TIMES"] = str(Path(folder) / "commits")
        asyncio.run(under_load(asked.people, asked.minutes, Path(folder)))


if __name__ == "__main__":
    main()
