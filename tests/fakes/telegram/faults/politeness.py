"""Whether the bot keeps Telegram's limits, by the server's monotonic clock. A busy machine's delays do not count."""

import asyncio
import math
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

IN_FLIGHT = 0.1  # seconds that a call may have been under way before the bot could read the 429
TURNS = (
    8  # how often a call may wait for the process: to connect, be written, be accepted and be read; plus reading a 429
)
JITTER = 0.05  # seconds by which the network may bring two messages closer together


class Lateness:
    """A measurement of how late this process handles due work. A call may have been sent so much before it arrived."""

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
        """Return the longest delay since `since` (monotonic), including the present one, in seconds."""
        return max([0.0, time.monotonic() - self._due, *(late for at, late in self._late if at >= since)])


@dataclass(frozen=True, slots=True)
class Sent:
    """One new message: its chat, when it arrived (monotonic), and how many seconds earlier it may have been sent."""

    chat_id: int
    at: float
    late: float = 0.0


Whom = int | str
"""What a call is limited by: the id of its chat; without a chat, the id of the tap that it answers; otherwise its method."""


@dataclass(frozen=True, slots=True)
class _Asked:
    at: float
    until: float

    def is_known(self, at: float, *, late: float) -> bool:
        """Return True if a call at `at` was certainly sent after the 429 was read and before its time was over."""
        return self.at + IN_FLIGHT + TURNS * late < at < self.until


class Silences:
    """The waiting times that 429 replies have demanded, for each chat."""

    def __init__(self, lateness: Lateness) -> None:
        self._lateness = lateness
        self._asked: dict[Whom, _Asked] = {}
        self._everybody_until = -math.inf

    def ask(self, whom: Whom, at: float, seconds: float, *, is_for_everybody: bool = False) -> None:
        """Demand `seconds` without calls about `whom`, from `at` on. A 429 does not say whether it is for all chats."""
        before = self._asked.get(whom)
        since = before.at if before and before.until > at else at
        self._asked[whom] = _Asked(since, max(at + seconds, before.until if before else at))
        if is_for_everybody:
            self._everybody_until = max(self._everybody_until, at + seconds)

    def left(self, whom: Whom, at: float) -> float:
        """Return how many more seconds the bot has to wait before a call about `whom`, or 0."""
        asked = self._asked.get(whom)
        return max(0.0, self._everybody_until - at, asked.until - at if asked else 0.0)

    def broken(self, whom: Whom, at: float) -> bool:
        """Return True if the bot called too early although the same `whom` was refused, so that it must have known."""
        asked = self._asked.get(whom)
        return asked is not None and asked.is_known(at, late=self._lateness.worst(asked.at))


def crowding(sent: Sequence[Sent], *, chat_gap: float = 1.0, per_second: int = 25) -> list[str]:
    """Return a line for each new message that followed others too soon, in its own chat or over all chats."""
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
