"""Calling Telegram until it has answered: through its silences, and for as long as it cannot be reached."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.rate_limit import RateLimit

Answer = TypeVar("Answer")

FIRST_WAIT, LONGEST_WAIT = 0.25, 20.0
"""Seconds between tries while Telegram cannot be reached: doubled from the first up to the longest."""

REFUSED = (BadRequest, Forbidden, InvalidToken, ChatMigrated)
"""Answers that another try would only get again."""


class Retry:
    """Calls one at a time for each who asks, politely."""

    def __init__(self, manners: RateLimit) -> None:
        self._manners = manners

    async def once(self, calling: Callable[[], Awaitable[object]]) -> None:
        """Call until there is an answer, whatever it is."""
        try:
            await self.persist(calling)
        except TelegramError:
            return

    async def persist(self, calling: Callable[[], Awaitable[Answer]]) -> Answer:
        """Call until Telegram has answered; what it refuses is raised."""
        wait = FIRST_WAIT
        while True:
            await self._manners.before_any()
            try:
                return await calling()
            except RetryAfter as error:
                self._hush(error)
            except REFUSED:
                raise
            except TelegramError:  # out of reach, an error of theirs, or an answer that is none
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    def _hush(self, error: RetryAfter) -> None:
        seconds = error.retry_after
        self._manners.hush(seconds if isinstance(seconds, int) else seconds.total_seconds())
