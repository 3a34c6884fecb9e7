"""What the ledger of the store's rows adds to a tap, and what counting all rows costs: `python -m bench.ledger`.

Rounds with and without the ledger alternate in one run, each on a database of its own, so that other load on the
machine affects both. Times are processor time of this process.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from rich.console import Console

from bench.commits import NOON, taken, turn
from bench.tap import OURS, bursts, rides
from bot.crypto.sealing import KeyRing
from bot.storage.ledger import Ledger, Row, StoredTable
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import Done, Inbound

PEOPLE, TAPS, ROUNDS, COUNTED = 300, 300, 25, 20_000

IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
CONSOLE = Console(highlight=False)


class Silent(Ledger):
    """A ledger that counts nothing and accepts every row. It replaces the real ledger in the comparison."""

    def follow(self, row: Sequence[Any] = ()) -> None:
        """Read nothing."""

    def fold(self, table: StoredTable, before: Row | None, after: Row | None) -> None:
        """Count nothing."""

    def demand_in_step(self, mark: bytes, rows: Sequence[tuple[StoredTable, Row]]) -> None:
        """Refuse nothing."""


async def taps(store: Store, numbers: Sequence[int]) -> float:
    """Take a tap for each of these numbers. Return the average processor time of a tap in microseconds."""
    began = time.process_time()
    for number in numbers:
        await taken(store, f"{number}", f"telegram:{number % PEOPLE}")
    return (time.process_time() - began) / len(numbers) * 1e6


async def compare(folder: Path) -> None:
    """Print the processor time of a tap with and without the ledger."""
    with patch("bot.storage.tables.Ledger", Silent):
        without = await open_sqlite(folder / "without.sqlite", KeyRing.fresh())
    with_it = await open_sqlite(folder / "with.sqlite", KeyRing.fresh())
    pairs = []
    for at in range(ROUNDS):
        numbers = range(at * TAPS, (at + 1) * TAPS)
        pairs.append((await taps(with_it, numbers), await taps(without, numbers)))
    more = median(one - other for one, other in pairs[1:])
    with_median, without_median = median(one for one, _ in pairs), median(each for _, each in pairs)
    CONSOLE.print(f"CPU a tap in the store: {with_median:.0f} µs, without the ledger {without_median:.0f} µs")
    async with rides((OURS,), most=1) as found:
        costs = await bursts(found, 1, rounds=3)
    whole = median(each.cpu for each in costs[OURS]) * 1_000
    CONSOLE.print(
        f"the ledger: {more:.0f} µs, {more / whole:.1%} of the {whole:,.0f} µs that a tap costs in the whole bot"
    )
    await without.close()
    await with_it.close()


async def count(folder: Path) -> None:
    """Print the processor time of counting all rows of a store of `COUNTED` people."""
    store = await open_sqlite(folder / "many.sqlite", KeyRing.fresh())
    for first in range(0, COUNTED, 1_000):
        people = range(first, first + 1_000)
        outcomes = await store.turns([Inbound(f"{each}", NOON, f"telegram:{each}", turn, None) for each in people])
        assert all(isinstance(each, Done) for each in outcomes)
    began = time.process_time()
    await store.verify()
    CONSOLE.print(f"counting all rows of {COUNTED:,} people: {time.process_time() - began:.2f} s")
    await store.close()


async def main() -> None:
    """Run both measurements, in a file system in memory if the machine has one, so that the disk does not matter."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        await compare(Path(folder))
        await count(Path(folder))


if __name__ == "__main__":
    asyncio.run(main())
