"""Telegram's rate limits: how fast new messages go out, who is silent until a `retry_after` has passed, and how often a call is tried.

A chat that was refused is silent alone. Several that were refused in a row, with none served in between, look like a silence of
the whole bot; it is asked every few seconds whether it is one.
"""

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import TypeVar

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.runtime.background_tasks import Backoff
from bot.runtime.logs import log
from bot.watch.meter import meter

A_CHAT = 1.05
"""Seconds between two new messages to one chat."""

A_SECOND = 24
"""New messages to all chats in any one second."""

MARGIN = 0.05
"""Seconds on top of every wait, since two clocks never agree; and by which the smallest call goes first where one is let through."""

IN_A_ROW = 6
"""Chats refused one after the other, with none served in between, from which on Telegram seems to refuse everybody."""

PROBE_EVERY = 3.0
"""Seconds after which one more call is let through, while Telegram seems to refuse everybody."""

LONGEST_SILENCE = 30.0
"""Seconds after which a call waits for others no longer, whatever Telegram asked for: its chat is tried for itself."""

LOOK_AGAIN = 0.25
"""Seconds after which those who wait for others look again, since a chat may have been served meanwhile."""


class Rank(IntEnum):
    """Who goes first where not everything can go at once."""

    ANSWER = 0
    """The answer to a tap: its button hangs until it comes."""
    WHOM_TO_CALL = 1
    CARD = 2
    """Any other card, file or line."""
    REMOVAL = 3


def retry_after(error: RetryAfter) -> float:
    """Seconds for which Telegram asks for silence; the library gives them as a number or a time span."""
    seconds = error.retry_after
    return seconds if isinstance(seconds, int) else seconds.total_seconds()


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


class RateLimit:
    """Who has to wait, and for how long (seconds of a monotonic clock)."""

    def __init__(self, now: Callable[[], float], *, a_chat: float = A_CHAT) -> None:
        self._now = now
        self._a_chat = a_chat
        self._refused: dict[int, float] = {}
        self._in_a_row: set[int] = set()
        self._probed = -math.inf
        self._sent: deque[float] = deque()
        self._chats: dict[int, float] = {}
        self._in_line = 0

    @property
    def is_everybody_silent(self) -> bool:
        """Whether Telegram seems to refuse everybody: several chats in a row, which are still refused, and none was served since."""
        now = self._now()
        self._refused = {chat: until for chat, until in self._refused.items() if until > now}
        self._in_a_row &= self._refused.keys()
        return len(self._in_a_row) >= IN_A_ROW

    def refuse(self, chat: int, seconds: float) -> None:
        """Send nothing to the chat until so many seconds from now."""
        self._refused[chat] = max(self._refused.get(chat, 0.0), self._now() + seconds + MARGIN)
        self._in_a_row.add(chat)

    async def before_any(self, chat: int | None, rank: Rank) -> None:
        """Wait until something may be sent to the chat, or what is of no chat."""
        if chat not in self._refused and not self._in_a_row:
            return
        since = self._now()
        while (wait := self._wait_alone(chat) or self._wait_with_others(rank, since)) > 0:
            await asyncio.sleep(wait)

    async def before_new(self, chat: int, rank: Rank) -> None:
        """Wait until a new message may be sent to the chat, once anything may, and count it as sent."""
        with self._standing_in_line(rank):
            while (wait := max(self._wait_alone(chat), self._wait_for_new(chat, rank))) > 0:
                await asyncio.sleep(wait)
            self._take(chat)

    def _wait_alone(self, chat: int | None) -> float:
        return max(0.0, self._refused.get(chat, 0.0) - self._now()) if chat is not None else 0.0

    def _wait_with_others(self, rank: Rank, since: float) -> float:
        """Seconds to wait while Telegram seems to refuse everybody: none for answers and whom to call, nor for whoever is let through."""
        if rank <= Rank.WHOM_TO_CALL or not self.is_everybody_silent:
            return 0.0
        now = self._now()
        # Of all that waits the smallest call is the one that is let through: a removal before a card.
        probe = self._probed + PROBE_EVERY + (Rank.REMOVAL - rank) * MARGIN - now
        wait = min(probe, since + LONGEST_SILENCE - now, LOOK_AGAIN)
        if wait <= 0:
            self._probed = now
        return wait

    @contextmanager
    def _standing_in_line(self, rank: Rank) -> Iterator[None]:
        """Have a place kept by those who come after, where it is about whom to call."""
        places = int(rank <= Rank.WHOM_TO_CALL)
        self._in_line += places
        try:
            yield
        finally:
            self._in_line -= places

    def _wait_for_new(self, chat: int, rank: Rank) -> float:
        now = self._now()
        while self._sent and self._sent[0] <= now - 1.0 - MARGIN:
            self._sent.popleft()
        wait = self._chats.get(chat, 0.0) - now
        kept = 0 if rank <= Rank.WHOM_TO_CALL else self._in_line
        if len(self._sent) + kept >= A_SECOND:
            first = self._sent[0] if self._sent else now
            wait = max(wait, first + 1.0 + MARGIN - now)
        return wait

    def _take(self, chat: int) -> None:
        now = self._now()
        self._sent.append(now)
        for other in [each for each, free in self._chats.items() if free <= now]:
            del self._chats[other]
        self._chats[chat] = now + self._a_chat

    async def once(self, call: Callable[[], Awaitable[object]], *, chat: int | None, rank: Rank) -> None:
        """Call until there is an answer, whatever it is."""
        try:
            await self.persist(call, chat=chat, rank=rank)
        except TelegramError:
            return

    async def persist(self, call: Callable[[], Awaitable[Answer]], *, chat: int | None, rank: Rank) -> Answer:
        """Call until Telegram has answered; what it refuses is raised. What is of no chat holds up nothing else."""
        backoff: Backoff | None = None
        while True:
            await self.before_any(chat, rank)
            try:
                answer = await call()
            except RetryAfter as error:
                await self._hush(chat, retry_after(error))
            except REFUSED:
                raise
            # Out of reach, an error of theirs, a token that is refused, or an answer that is none.
            except TelegramError:
                backoff = backoff or Backoff(FIRST_WAIT, LONGEST_WAIT)
                await backoff.wait()
            else:
                if chat is not None:  # Telegram did something in a chat, and so does not refuse everybody
                    self._in_a_row.clear()
                return answer

    async def _hush(self, chat: int | None, seconds: float) -> None:
        meter().refused(seconds)
        if chat is None:
            log.warning("Telegram refuses a call for a while", seconds=seconds)
            await asyncio.sleep(seconds + MARGIN)
            return
        self.refuse(chat, seconds)
        if self.is_everybody_silent:
            log.warning("Telegram seems to refuse everybody for a while", seconds=seconds)
        else:
            log.warning("Telegram refuses one chat for a while", seconds=seconds)
