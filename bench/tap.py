"""`make bench`: what a tap costs here compared with a bare bot, what a stored session costs, and how soon the bot is ready."""

import asyncio
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.bots import Running, bare, ours
from bench.sessions import time_to_ready
from bench.taps import Cost, measure, press
from bot.cli.frame.progress import working
from bot.crypto.keys import create_key_file
from bot.storage.sqlite.store import open_sqlite
from tests.fakes.telegram import FakeTelegram, Person
from tests.support.people.admitting import access, admit

ROUNDS, TAPS = 3, 150
PEOPLE = range(101, 106)
TO_ITEM_ONE = ("Start", "Health", "No", "No", "Yes", "13–15", "Form order")
BOTS = ("ours, durable and sealed", "bare python-telegram-bot", "aiogram, state in memory")


async def one_round(flights: int) -> list[Cost]:
    """The cost of a tap for each bot, one bot after the other, with so many people pressing at once."""
    costs = []
    for bot in BOTS:
        async with FakeTelegram() as server:
            people = [server.person(number) for number in PEOPLE[:flights]]
            costs.append(await _of(bot, server, people))
    return costs


async def _of(bot: str, server: FakeTelegram, people: Sequence[Person]) -> Cost:
    if bot == BOTS[0]:
        with tempfile.TemporaryDirectory() as folder:
            keys = create_key_file(Path(folder) / "seraf.key")
            store = await open_sqlite(Path(folder) / "seraf.sqlite", keys)
            await admit(store, [f"telegram:{number}" for number in PEOPLE], access(keys))
            await store.close()
            async with ours(Path(folder), server) as running:
                return await _measured(running, people, ("No", "Back"), TO_ITEM_ONE)
    async with bare("bench.bare_ptb" if bot == BOTS[1] else "bench.bare_aiogram", server) as running:
        return await _measured(running, people, ("Yes", "No"), ())


async def _measured(running: Running, people: Sequence[Person], labels: tuple[str, str], first: Sequence[str]) -> Cost:
    for person in people:
        await person.send("/start")
        await person.until(lambda person=person: bool(person.keyboard_message), timeout=20)  # type: ignore[misc]
        for label in first:
            await press(person, label)
    await asyncio.sleep(1.5)
    return await measure(running, people, labels, TAPS)


def report(flights: int, rounds: list[list[Cost]], console: Console) -> None:
    """Print medians over the rounds, and the ratios to the bare bot taken within each round."""
    table = Table("bot", "CPU ms a tap", "wall ms a tap", "CPU ÷ bare", "wall ÷ bare", title=f"{flights} in flight")
    for index, bot in enumerate(BOTS):
        own, bare_cost = [costs[index] for costs in rounds], [costs[1] for costs in rounds]
        cpu = statistics.median(each.cpu / beside.cpu for each, beside in zip(own, bare_cost, strict=True))
        wall = statistics.median(each.wall / beside.wall for each, beside in zip(own, bare_cost, strict=True))
        medians = statistics.median(each.cpu for each in own), statistics.median(each.wall for each in own)
        table.add_row(bot, *(f"{value:.2f}" for value in (*medians, cpu, wall)))
    console.print(table)


async def main() -> None:
    """Run everything and print it."""
    console = Console(highlight=False)
    for flights in (1, 5):
        rounds = []
        with working("Measuring taps", of=ROUNDS) as step:
            for _ in range(ROUNDS):
                rounds.append(await one_round(flights))
                step()
        report(flights, rounds, console)
    with working("Measuring the start"):
        ready = await time_to_ready(100_000)
    console.print(ready)


if __name__ == "__main__":
    asyncio.run(main())
