"""The queue of turns for the store, in which waiting turns share a transaction. Also event keys and the data of buttons."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.errors import StoreFault
from bot.watch.meter import meter

AT_ONCE = 50  # the maximum number of turns in one transaction, except that a batch is never divided
Turn = TypeVar("Turn")
Result = TypeVar("Result")


def event_key(person: str, nonce: str) -> str:
    """Return the key of an event of this person. `nonce` must be unique for the person; then the key is unique in the store."""
    return f"{person}/{nonce}"


def read_press(data: str) -> tuple[int, str] | None:
    """Return the card token and act code in the data of a button, or None if the data is not that of a button of the bot."""
    token, colon, code = data.partition(":")
    if not colon or not (token.isascii() and token.isdecimal()) or len(token) > 18:
        return None
    return int(token), code


class TurnQueue(Generic[Turn, Result]):
    """A queue that stores turns in the order in which they arrive, by calling `keep`, which returns their outcomes."""

    def __init__(self, keep: Callable[[Sequence[Turn]], Awaitable[tuple[Result, ...]]]) -> None:
        self._keep = keep
        self._waiting: list[tuple[Sequence[Turn], asyncio.Future[tuple[Result, ...]]]] = []
        self._tasks = BackgroundTasks()
        self._is_running = False

    def hand_in(self, batch: Sequence[Turn]) -> asyncio.Future[tuple[Result, ...]]:
        """Queue a batch of turns. The future resolves to their outcomes once they are stored, or fails with `StoreFault`."""
        # The turns are stored even if the caller stops waiting, as when a page is closed.
        outcomes: asyncio.Future[tuple[Result, ...]] = asyncio.get_running_loop().create_future()
        self._waiting.append((batch, outcomes))
        if not self._is_running:
            self._is_running = True
            self._tasks.run(self._run())
        return outcomes

    async def settle(self, seconds: float) -> None:
        await self._tasks.settle(seconds)

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._keep_next()
        finally:
            self._is_running = False

    async def _keep_next(self) -> None:
        """Store the batches at the front of the queue in one transaction. Resolve each future with its outcomes or the error."""
        together = [self._waiting.pop(0)]
        count = len(together[0][0])
        while self._waiting and count + len(self._waiting[0][0]) <= AT_ONCE:
            together.append(self._waiting.pop(0))
            count += len(together[-1][0])
        turns = self._keep([turn for batch, _ in together for turn in batch])
        (result,) = await asyncio.gather(turns, return_exceptions=True)
        meter().keeps(not isinstance(result, StoreFault))
        start = 0
        for batch, outcomes in together:
            if not outcomes.done():
                if isinstance(result, BaseException):
                    outcomes.set_exception(result)
                else:
                    outcomes.set_result(result[start : start + len(batch)])
            start += len(batch)
