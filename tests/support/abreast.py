"""Runs a test's scenario several times concurrently, which saves time if each run mostly waits."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

What = TypeVar("What")
Came = TypeVar("Came")


async def abreast(each: Iterable[What], run: Callable[[What], Awaitable[Came]], *, at_once: int) -> list[Came]:
    """Call `run` for each value, at most `at_once` at a time. Return the results in order. The first error ends all."""
    room = asyncio.Semaphore(at_once)

    async def one(what: What) -> Came:
        async with room:
            return await run(what)

    async with asyncio.TaskGroup() as runs:
        begun = [runs.create_task(one(what)) for what in each]
    return [task.result() for task in begun]
