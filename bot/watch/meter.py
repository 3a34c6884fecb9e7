"""The counts and times of a running bot. All its code finds its meter through a context variable."""

import math
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

LATEST = 1_000  # how many response times of the latest taps are kept


class Meter:
    """Counts since the start, and when each kind of event last happened, in seconds of a monotonic clock."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self.begun = now()
        self.asked: float | None = None
        self.polled: float | None = None
        self.conflicted: float | None = None
        self.delivered: float | None = None
        self.probed: float | None = None
        self.answered: float | None = None
        self.kept: float | None = None
        self.is_keeping = True
        self.is_waiting = self.is_token_refused = self.is_token_accepted = False
        self.is_leading = True
        self.taps, self.refusals, self.silence = 0, 0, 0.0
        self.seconds = deque[float](maxlen=LATEST)
        self.events = Counter[str]()

    def now(self) -> float:
        """Return the current time of the monotonic clock in seconds."""
        return self._now()

    def asks(self) -> None:
        """Note that Telegram is polled, whether or not it answers."""
        self.asked = self._now()

    def hears(self) -> None:
        """Note a successful poll, which shows that Telegram accepts the token and that no other bot polls with it now."""
        self.polled = self._now()
        self.is_waiting = False
        self.knows_token()

    def conflicts(self) -> None:
        """Note that another program polls with the same token."""
        self.conflicted = self._now()

    def gives_way(self) -> None:
        """Note that this bot stops polling because another one polls. After a restart, it will not resume at once."""
        self.is_waiting, self.polled = True, None

    def stands_by(self) -> None:
        """Note that this bot does not poll because another copy of it leads, and not because an unknown program polls."""
        self.is_waiting = False

    def leads(self, is_leading: bool = True) -> None:
        """Note whether this copy is the one of several that polls Telegram and does the housekeeping."""
        self.is_leading = is_leading

    def knows_token(self, is_known: bool = True) -> None:
        """Note whether Telegram accepts the token."""
        self.is_token_refused = not is_known
        self.is_token_accepted = self.is_token_accepted or is_known

    def was_answered(self) -> None:
        """Note that Telegram has answered a call of any kind."""
        self.answered = self._now()

    def delivers(self) -> None:
        """Note that Telegram has accepted a card that says whom to call."""
        self.delivered = self._now()

    def seconds_since_delivery(self) -> float:
        """Return the seconds since Telegram last accepted a card that says whom to call, or infinity if it never did."""
        return math.inf if self.delivered is None else self._now() - self.delivered

    def probes(self) -> None:
        """Note that a probe is sent. If no card was delivered since an earlier probe, the time of that one stays."""
        if self.probed is None or (self.delivered is not None and self.delivered >= self.probed):
            self.probed = self._now()

    def keeps(self, is_kept: bool = True) -> None:
        """Note whether the store could save a write."""
        self.is_keeping = is_kept
        if is_kept:
            self.kept = self._now()

    def refused(self, seconds: float) -> None:
        """Note that Telegram refuses calls for this many seconds."""
        self.refusals += 1
        self.silence += seconds

    def happened(self, name: str) -> None:
        """Count one event of this name."""
        self.events[name] += 1

    async def timing(self, answer: Callable[[], Awaitable[None]], since: float) -> None:
        """Await `answer` for a tap that arrived at `since`, and note how many seconds the answer has taken."""
        await answer()
        self.taps += 1
        self.seconds.append(self._now() - since)


METER: ContextVar[Meter] = ContextVar("METER", default=Meter())  # noqa: B039 — counts made before a bot runs are never read


def meter() -> Meter:
    """Return the meter of the bot that runs in the current context."""
    return METER.get()
