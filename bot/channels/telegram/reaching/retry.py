"""Calling Telegram until it has answered: through the pauses that it asks for, and for as long as it cannot be reached."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram.rate_limit import MARGIN, Rank, RateLimit, retry_after
from bot.runtime.backoff import Backoff
from bot.runtime.logs import log
from bot.watch.meter import meter

Answer = TypeVar("Answer")

FIRST_WAIT, LONGEST_WAIT = 0.25, 20.0
"""Seconds between tries while Telegram cannot be reached."""

LONGEST_DEAF = 5.0
"""Seconds after which Telegram is asked again who the bot is, and what people did: nobody is heard until then."""

REFUSED = (BadRequest, Forbidden, ChatMigrated)
"""Answers that another try would only get again."""


async def heed(error: RetryAfter) -> None:
    """Wait for as long as Telegram asks for before what everybody depends on, but for some seconds at most."""
    seconds = min(retry_after(error), LONGEST_DEAF)
    meter().refused(seconds)
    log.warning("Telegram refuses calls for a while", seconds=seconds)
    await asyncio.sleep(MARGIN + seconds)


class Retry:
    """Calls within the rate limit; each caller waits for its own call alone."""

    def __init__(self, rate_limit: RateLimit) -> None:
        self._rate_limit = rate_limit

    async def once(self, call: Callable[[], Awaitable[object]], *, chat: int | None, rank: Rank) -> None:
        """Call until there is an answer, whatever it is."""
        try:
            await self.persist(call, chat=chat, rank=rank)
        except TelegramError:
            return

    async def persist(self, call: Callable[[], Awaitable[Answer]], *, chat: int | None, rank: Rank) -> Answer:
        """Call until Telegram has answered; what it refuses is raised. What is of no chat holds up nothing else."""
        backoff = Backoff(FIRST_WAIT, LONGEST_WAIT)
        while True:
            await self._rate_limit.before_any(chat, rank)
            try:
                answer = await call()
            except RetryAfter as error:
                await self._hush(chat, retry_after(error))
            except REFUSED:
                raise
            except (
                TelegramError
            ):  # out of reach, an error of theirs, a token that is refused, or an answer that is none
                await backoff.wait()
            else:
                if chat is not None:
                    self._rate_limit.serve()
                return answer

    async def _hush(self, chat: int | None, seconds: float) -> None:
        meter().refused(seconds)
        if chat is None:
            log.warning("Telegram refuses a call for a while", seconds=seconds)
            await asyncio.sleep(seconds + MARGIN)
            return
        self._rate_limit.refuse(chat, seconds)
        if self._rate_limit.is_everybody_silent:
            log.warning("Telegram seems to refuse everybody for a while", seconds=seconds)
        else:
            log.warning("Telegram refuses one chat for a while", seconds=seconds)
