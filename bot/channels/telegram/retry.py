"""Calling Telegram until it has answered: through the pauses that it asks for, and for as long as it cannot be reached."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.rate_limit import RateLimit, retry_after
from bot.runtime.backoff import Backoff

Answer = TypeVar("Answer")

FIRST_WAIT, LONGEST_WAIT = 0.25, 20.0
"""Seconds between tries while Telegram cannot be reached."""

REFUSED = (BadRequest, Forbidden, InvalidToken, ChatMigrated)
"""Answers that another try would only get again."""


class Retry:
    """Calls within the rate limit; each caller waits for its own call alone."""

    def __init__(self, rate_limit: RateLimit) -> None:
        self._rate_limit = rate_limit

    async def once(self, call: Callable[[], Awaitable[object]]) -> None:
        """Call until there is an answer, whatever it is."""
        try:
            await self.persist(call)
        except TelegramError:
            return

    async def persist(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Call until Telegram has answered; what it refuses is raised."""
        backoff = Backoff(FIRST_WAIT, LONGEST_WAIT)
        while True:
            await self._rate_limit.before_any()
            try:
                return await call()
            except RetryAfter as error:
                self._rate_limit.pause(retry_after(error))
            except REFUSED:
                raise
            except TelegramError:  # out of reach, an error of theirs, or an answer that is none
                await backoff.wait()
