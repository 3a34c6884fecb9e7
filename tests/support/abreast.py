"""Several runs of a test at the same time, for runs that wait more than they compute."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

What = TypeVar("What")
Came = TypeVar("Came")


async def abreast(each: Iterable[What], run: Callable[[What], Awaitable[Came]], *, at_once: int) -> list[Came]:
    """Run each, a limited number at a time, and return the results in order; the first fault ends all."""
    room = asyncio.Semaphore(at_once)

    async def one(what: What) -> Came:
        async with room:
            return await run(what)

    async with asyncio.TaskGroup() as runs:
        begun = [runs.create_task(one(what)) for what in each]
    return [task.result() for task in begun]
