"""Whether the bot keeps Telegram's limits, by the server's real monotonic time, corrected for a busy machine."""

import asyncio
import math
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

IN_FLIGHT = 0.1  # seconds in which a call may have been under way before the 429 could be read
TURNS = (
    8  # times that a call may wait for the process: to connect, to be written, accepted and read; and a 429 to be read
)
JITTER = 0.05  # seconds by which two sends may move together on their way


class Lateness:
    """How late this process handles what is due: a call may have been sent by so much earlier than it was heard."""

    EVERY, REMEMBERED = 0.05, 100

    def __init__(self) -> None:
        self._due = math.inf
        self._late = deque[tuple[float, float]](maxlen=self.REMEMBERED)

    async def watch(self) -> None:
        while True:
            self._due = time.monotonic() + self.EVERY
            await asyncio.sleep(self.EVERY)
            now = time.monotonic()
            self._late.append((now, now - self._due))

    def worst(self, since: float) -> float:
        """Return the longest delay in seconds since a moment, now included."""
        return max([0.0, time.monotonic() - self._due, *(late for at, late in self._late if at >= since)])


@dataclass(frozen=True, slots=True)
class Sent:
    """One new message: its chat, when it was heard, and how much earlier it may have been sent."""

    chat_id: int
    at: float
    late: float = 0.0


Whom = int | str
"""Whom a call is about: a chat or, where it names none, the tap that it answers or else its method."""


@dataclass(frozen=True, slots=True)
class _Asked:
    at: float
    until: float

    def is_known(self, at: float, *, late: float) -> bool:
        """True if a call at this time can only have been sent after the 429 was read, and before its end."""
        return self.at + IN_FLIGHT + TURNS * late < at < self.until


class Silences:
    """The silences that 429 replies have demanded, by chat."""

    def __init__(self, lateness: Lateness) -> None:
        self._lateness = lateness
        self._asked: dict[Whom, _Asked] = {}
        self._everybody_until = -math.inf

    def ask(self, whom: Whom, at: float, seconds: float, *, is_for_everybody: bool = False) -> None:
        """Demand `seconds` of silence from `at`. The bot has to find out whether it is for everybody."""
        before = self._asked.get(whom)
        since = before.at if before and before.until > at else at
        self._asked[whom] = _Asked(since, max(at + seconds, before.until if before else at))
        if is_for_everybody:
            self._everybody_until = max(self._everybody_until, at + seconds)

    def left(self, whom: Whom, at: float) -> float:
        """Return the remaining seconds of silence for somebody."""
        asked = self._asked.get(whom)
        return max(0.0, self._everybody_until - at, asked.until - at if asked else 0.0)

    def broken(self, whom: Whom, at: float) -> bool:
        """True if the bot had to know of the silence: the same chat was refused. It cannot know that it is for everybody."""
        asked = self._asked.get(whom)
        return asked is not None and asked.is_known(at, late=self._lateness.worst(asked.at))


def crowding(sent: Sequence[Sent], *, chat_gap: float = 1.0, per_second: int = 25) -> list[str]:
    """Return one line for each new message that came too soon after another, in its chat or in all."""
    found = []
    by_chat: dict[int, float] = defaultdict(lambda: -math.inf)
    for place, message in enumerate(sent):
        since = message.at - by_chat[message.chat_id]
        if since < chat_gap - JITTER:
            found.append(f"chat {message.chat_id}: two new messages within {since:.2f} s")
        by_chat[message.chat_id] = _earliest(message)
        if place >= per_second and message.at - _earliest(sent[place - per_second]) < 1.0 - JITTER:
            found.append(f"all chats: more than {per_second} new messages within 1 s")
    return found


def _earliest(message: Sent) -> float:
    return message.at - message.late
