"""Telegram's rate limits: how fast new messages go out, and who is silent until a `retry_after` has passed.

A chat that was refused is silent alone. While two are, it is the bot that goes too fast, and everybody is silent.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum

from telegram.error import RetryAfter

A_CHAT = 1.05
"""Seconds between two new messages to one chat."""

A_SECOND = 24
"""New messages to all chats in any one second."""

MARGIN = 0.05
"""Seconds on top of every wait, since two clocks never agree; and between two ranks after a silence of everybody."""


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


class RateLimit:
    """Who has to wait, and for how long (seconds of a monotonic clock)."""

    def __init__(self, now: Callable[[], float], *, a_chat: float = A_CHAT) -> None:
        self._now = now
        self._a_chat = a_chat
        self._refused: dict[int, float] = {}
        self._sent: deque[float] = deque()
        self._chats: dict[int, float] = {}
        self._in_line = 0

    @property
    def is_everybody_silent(self) -> bool:
        """Whether nothing may be sent to anybody now."""
        return self._everybody_until() > self._now()

    def refuse(self, chat: int, seconds: float) -> None:
        """Send nothing to the chat until so many seconds from now, and nothing to anybody while another is refused too."""
        self._refused[chat] = max(self._refused.get(chat, 0.0), self._now() + seconds + MARGIN)

    async def before_any(self, chat: int | None, rank: Rank) -> None:
        """Wait until something may be sent to the chat, or what is of no chat."""
        while (wait := self._wait(chat, rank)) > 0:
            await asyncio.sleep(wait)

    async def before_new(self, chat: int, rank: Rank) -> None:
        """Wait until a new message may be sent to the chat, and count it as sent."""
        with self._standing_in_line(rank):
            while (wait := max(self._wait(chat, rank), self._wait_for_new(chat, rank))) > 0:
                await asyncio.sleep(wait)
            self._take(chat)

    def _wait(self, chat: int | None, rank: Rank) -> float:
        now, everybody = self._now(), self._everybody_until()
        own = self._refused.get(chat, 0.0) if chat is not None else 0.0
        return max(own, everybody + rank * MARGIN if everybody > now else 0.0) - now

    def _everybody_until(self) -> float:
        """When fewer than two chats will be refused."""
        if not self._refused:
            return 0.0
        now = self._now()
        self._refused = {chat: until for chat, until in self._refused.items() if until > now}
        # The second latest: until then two chats are refused, so that it is the bot that goes too fast (ADR 0051). With
        # two zeros there always is one.
        return sorted((0.0, 0.0, *self._refused.values()))[-2]

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
