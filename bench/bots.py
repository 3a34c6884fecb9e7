"""Bots as processes of their own, with what each costs the processor and holds in memory."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.telegram import FakeTelegram

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that runs: its process number."""

    pid: int

    def cpu(self) -> float:
        """Seconds of processor time so far, its kernel part and all threads included."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident(self) -> int:
        """Bytes of memory that it holds."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextlib.asynccontextmanager
async def bare(module: str, server: FakeTelegram) -> AsyncIterator[Running]:
    """One of the bots of this folder."""
    async with _process((sys.executable, "-m", module, server.base, server.token), {}) as process:
        yield Running(process.pid)


@contextlib.asynccontextmanager
async def ours(folder: Path, server: FakeTelegram) -> AsyncIterator[Running]:
    """Ours, with a store and a key in the folder, used by the one person who was admitted there. It has logged “ready”."""
    settings = {
        "SERAF_TELEGRAM_TOKEN": server.token,
        "SERAF_TELEGRAM_API": server.base,
        "SERAF_STORE": str(folder / "seraf.sqlite"),
        "SERAF_KEY_FILE": str(folder / "seraf.key"),
    }
    async with _process((sys.executable, "-m", "bot.cli.main", "run"), settings) as process:
        assert process.stderr
        while b"ready" not in (line := await process.stderr.readline()):
            if not line:
                raise RuntimeError("the bot ended before it was ready")
        drain = asyncio.create_task(process.stderr.read())
        yield Running(process.pid)
        drain.cancel()


@contextlib.asynccontextmanager
async def _process(command: tuple[str, ...], settings: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
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
