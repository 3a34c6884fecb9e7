"""Knows whether the bot keeps Telegram's limits, by the real monotonic time of the server."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

IN_FLIGHT = 0.1  # seconds in which a call may have been under way before the 429 could be read
JITTER = 0.05  # seconds by which two sends may move together on their way


@dataclass(frozen=True, slots=True)
class Sent:
    """One new message: into which chat, and when."""

    chat_id: int
    at: float


class Silence:
    """The time for which a 429 has asked the bot to be quiet."""

    def __init__(self) -> None:
        self._asked = -math.inf
        self._until = -math.inf

    def ask(self, at: float, seconds: int) -> None:
        """Ask for `seconds` of silence from `at`."""
        self._asked, self._until = at, max(self._until, at + seconds)

    def left(self, at: float) -> float:
        """Return how many seconds are still to be waited."""
        return max(0.0, self._until - at)

    def broken(self, at: float) -> bool:
        """True when a call at this time can only have been sent after the 429 was read, and before its end."""
        return self._asked + IN_FLIGHT < at < self._until


def crowding(sent: Sequence[Sent], *, chat_gap: float = 1.0, per_second: int = 25) -> list[str]:
    """Return one line for each new message that came too soon after another, in its chat or in all."""
    found = []
    by_chat: dict[int, float] = defaultdict(lambda: -math.inf)
    for place, message in enumerate(sent):
        since = message.at - by_chat[message.chat_id]
        if since < chat_gap - JITTER:
            found.append(f"chat {message.chat_id}: two new messages within {since:.2f} s")
        by_chat[message.chat_id] = message.at
        if place >= per_second and message.at - sent[place - per_second].at < 1.0 - JITTER:
            found.append(f"all chats: more than {per_second} new messages within 1 s")
    return found
