"""Runs bots for tests, in this process or as `seraf-bot run` in a process of its own."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.telegram.connecting import Manners
from bot.crypto.at_random import References
from bot.wiring import Environment, run_until
from tests.support.cheap_pins import real_pins
from tests.support.places import ROOT
from tests.support.prepared.asking import Forked, forked
from tests.support.store.cutting import watched
from tests.support.telegram.home import Home

REFERENCE = "BRISK OTTER 41"
QUICKLY = 0.01
"""The pause between two new messages to a chat in seconds, except in tests of Telegram's limits."""

RUN = ("-m", "bot.cli.main", "run")
WEB = ("-m", "bot.cli.main", "web")


class At:
    """A clock for the bot that calls a function for the time."""

    def __init__(self, tells: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._tells = tells

    def now(self) -> datetime:
        return self._tells()


@contextlib.asynccontextmanager
async def running(
    home: Home,
    clock: At | None = None,
    *,
    a_chat: float = QUICKLY,
    quiet: float = 0,
    references: References = lambda: REFERENCE,
) -> AsyncIterator[asyncio.Task[None]]:
    """Run the real application in this process within the context.

    At the end, stop it and raise its error. The bot counts as the last to have polled, unless `quiet` says how many
    seconds it waits for another poller.
    """
    await home.admit(clock.now() if clock else None)
    stopped, tells = asyncio.Event(), clock or At()
    environment = Environment(tells, references, Manners(a_chat, quiet))
    task = asyncio.create_task(run_until(stopped, home.settings, environment=environment, web=bool(home.pages)))
    try:
        yield task
    finally:
        stopped.set()
        await task


class Process:
    """`seraf-bot run` in a process of its own. `said` is its output."""

    def __init__(self, process: asyncio.subprocess.Process | Forked) -> None:
        self._process = process
        self.said = ""
        self._news = asyncio.Event()
        self._saying = asyncio.create_task(self._listen())

    @property
    def is_over(self) -> bool:
        return self._process.returncode is not None

    @property
    def pid(self) -> int:
        return self._process.pid

    async def says(self, words: str, *, seconds: float = 10.0) -> None:
        """Wait until the bot has printed this text, or has ended."""
        async with asyncio.timeout(seconds):
            while words not in self.said and not self._saying.done():
                self._news.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), 0.1)

    def kill(self) -> None:
        """Kill the bot and its tracer without notice, as a power cut would."""
        if not self.is_over:
            with contextlib.suppress(ProcessLookupError):  # the process has just ended
                os.killpg(self._process.pid, signal.SIGKILL)

    async def ended(self, *, seconds: float = 20.0) -> int:
        """Wait for the end of the bot, and return its exit status."""
        status = await asyncio.wait_for(self._process.wait(), seconds)
        await self._saying
        return status

    async def terminated(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Stop the bot with a signal. Return its exit status, and how many seconds that took."""
        begun = time.monotonic()
        os.kill(self._process.pid, number)
        return await self.ended(), time.monotonic() - begun

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        while heard := await self._process.stdout.read(65536):
            self.said += heard.decode(errors="replace")
            self._news.set()


@contextlib.asynccontextmanager
async def process(
    home: Home, *, watching: Sequence[str] = (), words: Sequence[str] = ("run",), folder: Path = ROOT, **more: str
) -> AsyncIterator[Process]:
    """Run the bot in a forked process within the context, its output and errors in one stream. Then kill it."""
    with real_pins():
        await home.admit()
    home.has_polled()
    begun = await forked(words, environment={**os.environ, **home.environment, **more}, folder=folder)
    async with watched(watching, begun.pid) if watching else contextlib.nullcontext():
        begun.begin()
        async with _until_gone(Process(begun)) as bot:
            yield bot


@contextlib.asynccontextmanager
async def python_process(
    home: Home, *, program: Sequence[str] = RUN, folder: Path = ROOT, **more: str
) -> AsyncIterator[Process]:
    """Run the bot in a newly started Python, which can have other options or another disk. Kill it at the end."""
    with real_pins():
        await home.admit()
    home.has_polled()
    begun = await asyncio.create_subprocess_exec(
        *(sys.executable, *program),
        env={**os.environ, **home.environment, **more},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    async with _until_gone(Process(begun)) as bot:
        yield bot


@contextlib.asynccontextmanager
async def _until_gone(bot: Process) -> AsyncIterator[Process]:
    try:
        yield bot
    finally:
        bot.kill()
        await bot.ended()
