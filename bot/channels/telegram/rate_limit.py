"""Telegram's rate limits: the pace of new messages, the silence after a `retry_after`, and the retries of a call.

A refused chat is silent alone. Several chats refused in a row, with none served in between, suggest that Telegram
refuses the whole bot. Then one call every few seconds goes through as a probe.
"""

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable
from enum import IntEnum
from typing import TypeVar

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.runtime.background_tasks import Backoff
from bot.runtime.logs import log
from bot.watch.meter import meter
from dialogs.core.replies import Card

A_CHAT = 1.05
"""Seconds between two new messages to one chat."""

A_SECOND = 24
"""The most new messages to all chats in any one second."""

MARGIN = 0.05
"""Seconds added to every wait, since two clocks never agree; and the head start of a smaller call as the next probe."""

IN_A_ROW = 6
"""The number of chats refused in a row from which Telegram seems to refuse the whole bot."""

PROBE_EVERY = 3.0
"""Seconds between two probes while Telegram seems to refuse the whole bot."""

LONGEST_SILENCE = 30.0
"""Seconds after which a call no longer waits because of other chats, whatever Telegram asked for."""

LOOK_AGAIN = 0.25
"""Seconds after which a call that waits because of other chats checks again, since one may have been served."""

FIRST_WAIT, LONGEST_WAIT = 0.25, 20.0
"""Seconds between tries while Telegram cannot be reached."""

LONGEST_DEAF = 5.0
"""The most seconds of silence before a poll or the bot's introduction: until then the bot receives nothing."""

REFUSED = (BadRequest, Forbidden, ChatMigrated)
"""Errors that another try would only repeat."""

Answer = TypeVar("Answer")


class Rank(IntEnum):
    """The order of calls that cannot all go at once."""

    ANSWER = 0
    """The answer to a tap, whose button is busy until it arrives."""
    WHOM_TO_CALL = 1
    CARD = 2
    """Any other card, file or line."""
    REMOVAL = 3

    @classmethod
    def of(cls, card: Card) -> "Rank":
        """Return the rank of the call that shows a card."""
        return cls.WHOM_TO_CALL if card.goes_first else cls.CARD


def retry_after(error: RetryAfter) -> float:
    """Return the seconds of silence that Telegram asks for; the library gives a number or a time span."""
    seconds = error.retry_after
    return seconds if isinstance(seconds, int) else seconds.total_seconds()


async def heed(error: RetryAfter) -> None:
    """Wait as long as Telegram asks, but only some seconds: everything depends on the call that follows."""
    seconds = min(retry_after(error), LONGEST_DEAF)
    meter().refused(seconds)
    log.warning("Telegram refuses calls for a while", seconds=seconds)
    await asyncio.sleep(MARGIN + seconds)


class RateLimit:
    """Decides which call waits, and how long (in seconds of a monotonic clock)."""

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
        """True if Telegram seems to refuse the whole bot: several chats in a row, all of them still refused."""
        now = self._now()
        self._refused = {chat: until for chat, until in self._refused.items() if until > now}
        self._in_a_row &= self._refused.keys()
        return len(self._in_a_row) >= IN_A_ROW

    def refuse(self, chat: int, seconds: float) -> None:
        """Send nothing to the chat for this many seconds."""
        self._refused[chat] = max(self._refused.get(chat, 0.0), self._now() + seconds + MARGIN)
        self._in_a_row.add(chat)

    async def before_any(self, chat: int | None, rank: Rank) -> None:
        """Wait until a call may go to the chat; with None, one that is for no chat."""
        if chat not in self._refused and not self._in_a_row:
            return
        since = self._now()
        while (wait := self._wait_alone(chat) or self._wait_with_others(rank, since)) > 0:
            await asyncio.sleep(wait)

    async def before_new(self, chat: int, rank: Rank) -> None:
        """Wait until a new message may go to the chat, and count it as sent. Whom to call has slots reserved."""
        slots = int(rank <= Rank.WHOM_TO_CALL)
        self._in_line += slots
        try:
            while (wait := max(self._wait_alone(chat), self._wait_for_new(chat, rank))) > 0:
                await asyncio.sleep(wait)
        finally:
            self._in_line -= slots
        now = self._now()
        self._sent.append(now)
        for other in [other for other, free in self._chats.items() if free <= now]:
            del self._chats[other]
        self._chats[chat] = now + self._a_chat

    def _wait_alone(self, chat: int | None) -> float:
        return max(0.0, self._refused.get(chat, 0.0) - self._now()) if chat is not None else 0.0

    def _wait_with_others(self, rank: Rank, since: float) -> float:
        """Return the seconds to wait because of other chats: none for answers, whom to call, and the probe."""
        if rank <= Rank.WHOM_TO_CALL or not self.is_everybody_silent:
            return 0.0
        now = self._now()
        # The smallest of the calls that wait is the probe: a removal before a card.
        probe = self._probed + PROBE_EVERY + (Rank.REMOVAL - rank) * MARGIN - now
        wait = min(probe, since + LONGEST_SILENCE - now, LOOK_AGAIN)
        if wait <= 0:
            self._probed = now
        return wait

    def _wait_for_new(self, chat: int, rank: Rank) -> float:
        now = self._now()
        while self._sent and self._sent[0] <= now - 1.0 - MARGIN:
            self._sent.popleft()
        wait = self._chats.get(chat, 0.0) - now
        reserved = 0 if rank <= Rank.WHOM_TO_CALL else self._in_line
        if len(self._sent) + reserved >= A_SECOND:
            first = self._sent[0] if self._sent else now
            wait = max(wait, first + 1.0 + MARGIN - now)
        return wait

    async def once(self, call: Callable[[], Awaitable[object]], *, chat: int | None, rank: Rank) -> None:
        """Call until Telegram answers, and ignore an error in the answer."""
        try:
            await self.persist(call, chat=chat, rank=rank)
        except TelegramError:
            return

    async def persist(self, call: Callable[[], Awaitable[Answer]], *, chat: int | None, rank: Rank) -> Answer:
        """Call until Telegram answers, and raise the error in a refusal. A call for no chat (None) delays no other."""
        backoff: Backoff | None = None
        while True:
            await self.before_any(chat, rank)
            try:
                answer = await call()
            except RetryAfter as error:
                seconds = retry_after(error)
                meter().refused(seconds)
                if chat is None:
                    log.warning("Telegram refuses a call for a while", seconds=seconds)
                    await asyncio.sleep(seconds + MARGIN)
                    continue
                self.refuse(chat, seconds)
                if self.is_everybody_silent:
                    log.warning("Telegram seems to refuse everybody for a while", seconds=seconds)
                else:
                    log.warning("Telegram refuses one chat for a while", seconds=seconds)
            except REFUSED:
                raise
            # Telegram cannot be reached, fails, refuses the token, or gives no valid answer.
            except TelegramError:
                backoff = backoff or Backoff(FIRST_WAIT, LONGEST_WAIT)
                await backoff.wait()
            else:
                if chat is not None:  # Telegram served a chat, and so does not refuse the whole bot
                    self._in_a_row.clear()
                return answer
