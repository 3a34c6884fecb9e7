"""How long the bot takes to start on a store with many sessions, and how much memory it uses."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.bots import ours
from bot.access.account import written
from bot.crypto.keys import create_key_file
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.values import Decision, Inbound, Record
from dialogs.core.codec import encode
from dialogs.core.session import Answers, Session
from seraf.form.responses import Responses
from state_machines.assessment import Phase
from tests.fakes.telegram import FakeTelegram
from tests.support.people.admitting import access

BATCH = 2_000

FIRST_PERSON = 1_000_000
"""The Telegram number of the first stored person. The others have the numbers that follow."""

LONG_AGO = timedelta(days=2)
CASE = encode(
    Session(
        1,
        Phase.ITEMS,
        "M4",
        None,
        "QUIET LANTERN 41",
        "0" * 64,
        Answers(Responses.of({"age": "13-15"}), Responses.of({"V1": "yes"})),
    )
)


async def fill(folder: Path, sessions: int, *, ago: timedelta = LONG_AGO) -> None:
    """Create a store with this many open assessments, each of another person who was last active `ago` before now."""
    keys = create_key_file(folder / "seraf.key")
    store = await open_sqlite(folder / "seraf.sqlite", keys)
    then = datetime.now(UTC) - ago
    standing = written(access(keys, at=then))
    for start in range(0, sessions, BATCH):
        await store.turns(_batch(range(start, min(start + BATCH, sessions)), then, standing))
    await store.close()


def _batch(numbers: Sequence[int], at: datetime, standing: str) -> list[Inbound]:
    def decide(record: Record, _: object = None) -> Decision:
        return Decision(Record(record.person, 1, record.profile, CASE, "items", "0" * 64, at, standing), ())

    return [Inbound(str(number), at, f"telegram:{FIRST_PERSON + number}", decide, None) for number in numbers]


async def time_to_ready(sessions: int) -> str:
    """Return as text how soon the bot is ready with no and with this many stored sessions, and its memory then."""
    found = []
    for count in (0, sessions):
        with tempfile.TemporaryDirectory() as folder:
            await fill(Path(folder), count)
            async with FakeTelegram() as server:
                begun = time.perf_counter()
                async with ours(Path(folder), server) as running:
                    took = time.perf_counter() - begun
                    await asyncio.sleep(1)
                    found.append((took, running.resident()))
    (empty_seconds, _), (full_seconds, full_bytes) = found
    return (
        f"ready after {empty_seconds:.2f} s with an empty store, {full_seconds:.2f} s with {sessions:,} stored sessions;"
        f" memory {full_bytes / 2**20:.0f} MiB"
    )
