"""The cost of a turn in the store with a write-ahead log, compared with a rollback journal: `python -m bench.commits`.

Both stores take turns in one run on one disk, so that other load on the machine affects both.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple
from unittest.mock import patch

from rich.console import Console

from bot.crypto.sealing import KeyRing
from bot.storage.cases import CaseHead
from bot.storage.sqlite.database_file import PRAGMAS, WRITING
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import Decision, Done, Inbound, Record

ROUNDS, TURNS = 15, 100
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
JOURNAL = {"journal_mode": ("DELETE", "delete"), "synchronous": ("EXTRA", 3)}
"""The SQLite settings of the first releases that differ from today's: the value to set, and the value read back."""


class TurnCost(NamedTuple):
    """The average wall time and processor time of a turn (milliseconds)."""

    wall: float
    cpu: float


def turn(record: Record, _: object = None) -> Decision:
    """Return the decision of a typical turn, which writes a case of 1.5 kB, an account and a profile."""
    head = CaseHead(record.person, record.person, NOON)  # a reference of its own, and nothing that a session would say
    after = replace(record, card=record.card + 1, access="y" * 300, profile="z" * 200, active=NOON)
    return Decision(replace(after, heads=(head,), hand=head.reference, case="x" * 1_500), ())


async def taken(store: Store, key: str, person: str) -> None:
    """Take a typical turn of a person. Raise `AssertionError` if the store refuses it, which would cost less."""
    (outcome,) = await store.turns([Inbound(key, NOON, person, turn, None)])
    assert isinstance(outcome, Done), outcome


async def turns(store: Store, number: int) -> TurnCost:
    """Take `TURNS` turns one after another, and return the average cost of one. `number` is that of the round."""
    wall, cpu = time.perf_counter(), time.process_time()
    for each in range(TURNS):
        await taken(store, f"{number}:{each}", f"telegram:{each}")
    return TurnCost((time.perf_counter() - wall) / TURNS * 1_000, (time.process_time() - cpu) / TURNS * 1_000)


async def main() -> None:
    """Print the median cost of a turn in each store, and the median ratio of the two costs in the same round."""
    old = tuple((name, *JOURNAL.get(name, rest)) for name, *rest in PRAGMAS)
    with tempfile.TemporaryDirectory() as folder:
        log = await open_sqlite(Path(folder) / "log.sqlite", KeyRing.fresh())
        with patch("bot.storage.sqlite.opening.WRITING", WRITING._replace(settings=old)):
            journal = await open_sqlite(Path(folder) / "journal.sqlite", KeyRing.fresh())
        stores: Mapping[str, Store] = {"journal": journal, "log": log}
        rounds = [{name: await turns(store, number) for name, store in stores.items()} for number in range(ROUNDS)]
        for store in stores.values():
            await store.close()
    console = Console(highlight=False)
    for name in stores:
        costs = [each[name] for each in rounds[1:]]
        console.print(
            f"{name:>7}: {median(c.wall for c in costs):.2f} ms wall, {median(c.cpu for c in costs):.2f} ms CPU"
        )
    wall = median(each["log"].wall / each["journal"].wall for each in rounds[1:])
    cpu = median(each["log"].cpu / each["journal"].cpu for each in rounds[1:])
    console.print(f"log ÷ journal: wall {wall:.2f}, CPU {cpu:.2f}")


if __name__ == "__main__":
    asyncio.run(main())
