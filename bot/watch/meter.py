"""What a running bot counts of itself. It is reached from anywhere in the bot, as a log is, and each bot has its own."""

import math
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

LATEST = 1_000
"""Taps whose seconds are remembered."""


class Meter:
    """Counts since the start, and the moments (of a monotonic clock) of what came last."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self.begun = now()
        self.asked: float | None = None
        self.polled: float | None = None
        self.conflicted: float | None = None
        self.is_waiting = False
        self.is_token_refused = self.is_token_accepted = False
        self.delivered: float | None = None
        self.probed: float | None = None
        self.answered: float | None = None
        self.kept: float | None = None
        self.is_keeping = True
        self.taps = 0
        self.seconds = deque[float](maxlen=LATEST)
        self.refusals = 0
        self.silence = 0.0
        self.events = Counter[str]()

    def now(self) -> float:
        """Return the moment now, for the beginning of something that is timed."""
        return self._now()

    def asks(self) -> None:
        """Telegram is asked for what people did, whatever comes of it."""
        self.asked = self._now()

    def hears(self) -> None:
        """Telegram has said what people did, to the bot that is to answer them."""
        self.polled = self._now()
        self.is_waiting = False
        self.knows_token()

    def conflicts(self) -> None:
        """Another program polls with the same token."""
        self.conflicted = self._now()

    def gives_way(self) -> None:
        """The bot keeps still, since another one was there first. At its next start it is a newcomer too."""
        self.is_waiting, self.polled = True, None

    def knows_token(self, is_known: bool = True) -> None:
        """Telegram knows the token, or refuses it."""
        self.is_token_refused = not is_known
        self.is_token_accepted = self.is_token_accepted or is_known

    def was_answered(self) -> None:
        """Telegram has answered a call, with whatever answer."""
        self.answered = self._now()

    def delivers(self) -> None:
        """Whom to call stands in somebody's chat: Telegram has taken it."""
        self.delivered = self._now()

    def seconds_since_delivery(self) -> float:
        """For how long whom to call was delivered to nobody."""
        return math.inf if self.delivered is None else self._now() - self.delivered

    def probes(self) -> None:
        """Whom to call is being sent to see whether it arrives. Until something does, the first such try counts."""
        if self.probed is None or (self.delivered is not None and self.delivered >= self.probed):
            self.probed = self._now()

    def keeps(self, is_kept: bool = True) -> None:
        """Something was given to the store: it was kept, or not."""
        self.is_keeping = is_kept
        if is_kept:
            self.kept = self._now()

    def refused(self, seconds: float) -> None:
        """Telegram refuses calls for so long."""
        self.refusals += 1
        self.silence += seconds

    def happened(self, name: str) -> None:
        """An event of this name happened."""
        self.events[name] += 1

    async def timing(self, answer: Callable[[], Awaitable[None]], since: float) -> None:
        """Answer a tap that was heard at that moment, and count how long it took."""
        await answer()
        self.taps += 1
        self.seconds.append(self._now() - since)


METER: ContextVar[Meter] = ContextVar("METER", default=Meter())  # noqa: B039 — what is counted before a bot runs is nobody's


def meter() -> Meter:
    """Return the meter of the bot that this runs in."""
    return METER.get()
