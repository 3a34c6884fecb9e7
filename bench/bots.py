"""Starts each bot in a process of its own, and measures its processor time and its memory."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.telegram import FakeTelegram
from tests.support.telegram.home import Home


@dataclass(frozen=True, slots=True)
class Running:
    """A running bot, identified by its process id."""

    pid: int

    def cpu(self) -> float:
        """Return the processor time in seconds that all threads of the process have used so far. Linux only."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def resident(self) -> int:
        """Return the resident memory of the process in bytes."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def handles(self) -> int:
        """Return the number of files and sockets that the process has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))


@contextlib.asynccontextmanager
async def peer(module: str, server: FakeTelegram, cards: Path) -> AsyncIterator[Running]:
    """Start the bot of a module in `bench/peers`. `cards` is the JSON file with the cards that this bot shows."""
    command = (sys.executable, "-m", f"bench.peers.{module}", server.base, server.token, str(cards))
    async with _process(command, {}) as process:
        yield Running(process.pid)


@contextlib.asynccontextmanager
async def ours(
    folder: Path, server: FakeTelegram, *, program: str = "bot.cli.main", under: tuple[str, ...] = ()
) -> AsyncIterator[Running]:
    """Start our bot with the store and the key file in a folder, and wait until it has logged “ready”.

    `under` is put before the bot's command line, to run the bot under another program.
    """
    settings = {
        "SERAF_TELEGRAM_TOKEN": server.token,
        "SERAF_TELEGRAM_API": server.base,
        "SERAF_STORE": str(folder / "seraf.sqlite"),
        "SERAF_KEY_FILE": str(folder / "seraf.key"),
    }
    Home(folder, server).has_polled()  # otherwise the bot would first check, for ten seconds, whether another bot polls
    async with _process((*under, sys.executable, "-m", program, "run"), settings) as process:
        assert process.stderr
        while b"ready" not in (line := await process.stderr.readline()):
            if not line:
                raise RuntimeError("the bot ended before it was ready")
        drain = asyncio.create_task(process.stderr.read())
        yield Running(process.pid)
        drain.cancel()


@contextlib.asynccontextmanager
async def _process(command: tuple[str, ...], settings: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE if settings else asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()
