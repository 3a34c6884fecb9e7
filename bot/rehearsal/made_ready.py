"""What rehearsals take a while to work out of a pack, done beside those who are served."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dialogs.rehearsal.core.practice import make_ready
from seraf.pack import Pack

AFTER_THE_START = 5.0
"""Seconds after which it is begun: whoever waited for the start is answered before."""


@asynccontextmanager
async def made_ready(pack: Pack) -> AsyncIterator[None]:
    """While the block runs it is worked out in a thread, after the start, and never half when the block ends."""
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
