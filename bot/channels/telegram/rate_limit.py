"""Telegram's rate limits: how fast new messages go out, and silence until a `retry_after` has passed."""

import asyncio
from collections import deque
from collections.abc import Callable

from telegram.error import RetryAfter

A_CHAT = 1.05
"""Seconds between two new messages to one chat."""

A_SECOND = 24
"""New messages to all chats in any one second."""

MARGIN = 0.05
"""Seconds on top of every wait, since two clocks never agree."""


def retry_after(error: RetryAfter) -> float:
    """Seconds for which Telegram asks for silence; the library gives them as a number or a time span."""
    seconds = error.retry_after
    return seconds if isinstance(seconds, int) else seconds.total_seconds()


class RateLimit:
    """Who has to wait, and for how long (seconds of a monotonic clock)."""

    def __init__(self, now: Callable[[], float], *, a_chat: float = A_CHAT) -> None:
        self._now = now
        self._a_chat = a_chat
        self._silent_until = 0.0
        self._sent: deque[float] = deque()
        self._chats: dict[int, float] = {}

    def pause(self, seconds: float) -> None:
        """Send nothing at all until so many seconds from now."""
        self._silent_until = max(self._silent_until, self._now() + seconds + MARGIN)

    async def before_any(self) -> None:
        """Wait until something may be sent."""
        while (wait := self._silent_until - self._now()) > 0:
            await asyncio.sleep(wait)

    async def before_new(self, chat: int) -> None:
        """Wait until a new message may be sent to the chat, and count it as sent."""
        while (wait := self._wait_for_new(chat)) > 0:
            await asyncio.sleep(wait)
        self._take(chat)

    def _wait_for_new(self, chat: int) -> float:
        now = self._now()
        while self._sent and self._sent[0] <= now - 1.0 - MARGIN:
            self._sent.popleft()
        waits = [self._silent_until - now, self._chats.get(chat, 0.0) - now]
        if len(self._sent) >= A_SECOND:
            waits.append(self._sent[0] + 1.0 + MARGIN - now)
        return max(waits)

    def _take(self, chat: int) -> None:
        now = self._now()
        self._sent.append(now)
        for other in [each for each, free in self._chats.items() if free <= now]:
            del self._chats[other]
        self._chats[chat] = now + self._a_chat
