"""What it costs to find out who is signed in on the web, as more sign-ins are stored: `python -m bench.sign_ins`.

Times are processor time of this process.
"""

import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from rich.console import Console

from bench.ledger import IN_MEMORY
from bot.crypto.sealing import KeyRing
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import SignIn

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SIZES, LOOKS = (10, 100, 500), 200
CONSOLE = Console(highlight=False)


async def keep(store: Store, sign_in: SignIn) -> None:
    """Store a sign-in."""
    await store.write(lambda t: t.sign_ins.keep(sign_in))


async def found(store: Store, secret: str) -> SignIn | None:
    """Return the sign-in with this secret."""
    return await store.read(lambda t: t.sign_ins.find(secret, NOON))


async def measure(path: Path, size: int) -> float:
    """Return the median processor time of a lookup among `size` sign-ins (microseconds)."""
    store = await open_sqlite(path, KeyRing.fresh())
    for number in range(size):
        await keep(store, SignIn(f"secret {number}", f"web:{number}", NOON + timedelta(hours=12)))
    times = []
    for number in range(LOOKS):
        began = time.process_time()
        assert await found(store, f"secret {number % size}") is not None
        times.append(time.process_time() - began)
    await store.close()
    return median(times) * 1e6


async def main() -> None:
    """Print the cost for each of `SIZES`, measured in a file system in memory if the machine has one."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        for size in SIZES:
            cost = await measure(Path(folder) / f"{size}.sqlite", size)
            CONSOLE.print(f"{size} browsers signed in: {cost:,.0f} µs a request")


if __name__ == "__main__":
    asyncio.run(main())
