"""The counts and times of a running bot. Any code of the bot reaches its meter through a context variable."""

import math
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

LATEST = 1_000  # the number of latest taps whose response times are kept


class Meter:
    """Counts since the start, and the time of the latest event of each kind, in seconds of a monotonic clock."""

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
        """Note that Telegram is being polled, whatever the outcome."""
        self.asked = self._now()

    def hears(self) -> None:
        """Note a successful poll. It shows that the token is valid, and that no other bot polls with it now."""
        self.polled = self._now()
        self.is_waiting = False
        self.knows_token()

    def conflicts(self) -> None:
        """Note that another program polls with the same token."""
        self.conflicted = self._now()

    def gives_way(self) -> None:
        """Note that the bot stops polling because another polled first. After a restart it does not resume at once."""
        self.is_waiting, self.polled = True, None

    def leads(self, is_leading: bool = True) -> None:
        """Note whether this copy is the one of several that polls Telegram and does the housekeeping."""
        self.is_leading = is_leading

    def knows_token(self, is_known: bool = True) -> None:
        """Note whether Telegram accepts the token."""
        self.is_token_refused = not is_known
        self.is_token_accepted = self.is_token_accepted or is_known

    def was_answered(self) -> None:
        """Note that Telegram has answered a call, whichever it was."""
        self.answered = self._now()

    def delivers(self) -> None:
        """Note that Telegram has accepted a card that says whom to call."""
        self.delivered = self._now()

    def seconds_since_delivery(self) -> float:
        """Return the seconds since Telegram last accepted a card that says whom to call; infinite if it never has."""
        return math.inf if self.delivered is None else self._now() - self.delivered

    def probes(self) -> None:
        """Note that a probe is being sent. The time of an earlier probe is kept if no card was delivered since."""
        if self.probed is None or (self.delivered is not None and self.delivered >= self.probed):
            self.probed = self._now()

    def keeps(self, is_kept: bool = True) -> None:
        """Note whether the store saved a write."""
        self.is_keeping = is_kept
        if is_kept:
            self.kept = self._now()

    def refused(self, seconds: float) -> None:
        """Note that Telegram refuses calls for this many seconds."""
        self.refusals += 1
        self.silence += seconds

    def happened(self, name: str) -> None:
        """Count an event of this name."""
        self.events[name] += 1

    async def timing(self, answer: Callable[[], Awaitable[None]], since: float) -> None:
        """Call `answer` for a tap that arrived at the moment `since`, and note how many seconds the answer took."""
        await answer()
        self.taps += 1
        self.seconds.append(self._now() - since)


METER: ContextVar[Meter] = ContextVar("METER", default=Meter())  # noqa: B039 — counts made before a bot runs are never read


def meter() -> Meter:
    """Return the meter of the current bot."""
    return METER.get()
