"""The cost of a tap in our bot, compared with other bots that show the same cards.

In one run, the bots take turns: each gets a burst of taps. Processor time is that of each bot's own process. Every
comparison is a ratio within one round, since machines are shared and noisy. Everything runs on one core, so that no
move from one core to another is measured.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median

from rich.console import Console

from bench.bots import Running, ours, peer
from bench.riding import Cost, Ride, Rider
from bench.tour import Tour, tour, write_cards
from bot.crypto.keys import create_key_file
from bot.storage.sqlite.opening import open_sqlite
from tests.fakes.telegram import FakeTelegram
from tests.support.people.admitting import access, admit

OURS, BARE = "ours", "ptb_bare"
PEERS = (BARE, "ptb_pickle", "aiogram_memory", "aiogram_sqlite", "floor")

PEOPLE = range(101, 121)

PLANS = {1: 36, 5: 8, 20: 3}
"""For each number of people who tap at once, how many buttons each of them presses in one burst."""


def on_one_core() -> None:
    """Keep this process and all processes that it starts on one core, if the system allows it."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


@asynccontextmanager
async def rides(names: tuple[str, ...], *, most: int) -> AsyncIterator[tuple[Ride, ...]]:
    """Start these bots, each with `most` simulated people who are spread over the cards of the tour."""
    way = tour()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        write_cards(folder / "cards.json", way.round)
        found = []
        for name in names:
            server = await stack.enter_async_context(FakeTelegram())
            own = folder / name
            own.mkdir(mode=0o700)
            bot = await stack.enter_async_context(_running(name, own, server=server))
            found.append(await _begun(name, bot, server=server, way=way, most=most))
        await asyncio.sleep(1.5)
        yield tuple(found)


@asynccontextmanager
async def _running(name: str, folder: Path, *, server: FakeTelegram) -> AsyncIterator[Running]:
    if name != OURS:
        cards = folder / "cards.json"
        cards.write_bytes((folder.parent / "cards.json").read_bytes())
        async with peer(name, server, cards) as bot:
            yield bot
        return
    keys = create_key_file(folder / "seraf.key")
    store = await open_sqlite(folder / "seraf.sqlite", keys)
    await admit(store, [f"telegram:{number}" for number in PEOPLE], access(keys))
    await store.close()
    async with ours(folder, server) as bot:
        yield bot


async def _begun(name: str, bot: Running, *, server: FakeTelegram, way: Tour, most: int) -> Ride:
    riders = tuple(Rider(server.person(number), way) for number in PEOPLE[:most])
    await asyncio.gather(*(rider.come(is_ours=name == OURS) for rider in riders))
    ride = Ride(name, bot, server, riders)
    await asyncio.gather(*(_spread(rider, number) for number, rider in enumerate(riders)))
    return ride


async def _spread(rider: Rider, number: int) -> None:
    """Move a person on by a number of cards that depends on `number`, so that people are at different cards."""
    for _ in range(number * 7 % 40):
        await rider.tap()


Costs = dict[str, list[Cost]]
"""For each bot, by its name, the cost of a tap in every round."""


async def bursts(found: tuple[Ride, ...], flights: int, *, rounds: int) -> Costs:
    """Return what a tap costs in each round while `flights` people tap at once. The bots' order changes each round."""
    costs: Costs = {ride.name: [] for ride in found}
    for turn in range(rounds + 1):
        at = turn % len(found)
        for ride in (*found[at:], *found[:at]):
            cost = await ride.burst(flights, PLANS[flights])
            if turn:  # the first round only warms up
                costs[ride.name].append(cost)
    return costs


def ratios(costs: Costs, of: str, to: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return a tap's cost in `of` divided by its cost in `to`, for each round: in processor time and in wall time."""
    pairs = tuple(zip(costs[of], costs[to], strict=True))
    return tuple(a.cpu / b.cpu for a, b in pairs), tuple(a.wall / b.wall for a, b in pairs)


async def main(names: tuple[str, ...], rounds: int) -> None:
    """Print the processor time and wall time of a tap in each of these bots, divided by those in the bare bot."""
    on_one_core()
    console = Console(highlight=False)
    async with rides(names, most=max(PLANS)) as found:
        for flights in PLANS:
            costs = await bursts(found, flights, rounds=rounds)
            for name in names:
                cpu, wall = ratios(costs, name, BARE)
                spread = f"{min(cpu):.2f}–{max(cpu):.2f}"
                console.print(f"{flights:2} {name:15} CPU ÷ bare {median(cpu):.3f} ({spread})  wall {median(wall):.3f}")


if __name__ == "__main__":
    asked = tuple(sys.argv[2:]) or (OURS, *PEERS)
    if unknown := set(asked) - {OURS, *PEERS}:
        sys.exit(f"No such bot: {', '.join(sorted(unknown))}. There are {', '.join((OURS, *PEERS))}.")
    asyncio.run(main(asked, int(sys.argv[1]) if len(sys.argv) > 1 else 5))
