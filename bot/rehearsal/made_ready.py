"""Slow preparations of a pack for rehearsals, made in the background."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dialogs.rehearsal.core.practice import make_ready
from seraf.pack import Pack

AFTER_THE_START = 5.0
"""The delay of the preparations (seconds), so that people who waited for the start are answered first."""


@asynccontextmanager
async def made_ready(pack: Pack) -> AsyncIterator[None]:
    """Prepare the pack in a thread after the start. The block ends only when a preparation that has begun is complete."""
    leaving = asyncio.Event()
    working_out = asyncio.create_task(_work_out(pack, leaving))
    try:
        yield
    finally:
        leaving.set()
        await working_out


async def _work_out(pack: Pack, leaving: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(leaving.wait(), AFTER_THE_START)
    except TimeoutError:
        await asyncio.to_thread(make_ready, pack)
