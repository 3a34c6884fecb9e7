"""How long an exchange may take: one timer for all that are under way, since a timer each is dear where so few are late."""

import asyncio
from types import TracebackType


class Exchanges:
    """Those that are under way, each over a connection of its own, with when it is given up (by the clock of the loop)."""

    def __init__(self) -> None:
        self._under_way: dict[Exchange, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, transport: asyncio.Transport, *, seconds: float) -> "Exchange":
        """One that is given up after so many seconds, unless it is left before: `with exchanges.begin(…):`."""
        exchange, loop = Exchange(self, transport), asyncio.get_running_loop()
        self._under_way[exchange] = until = loop.time() + seconds
        if self._timer is None or until < self._timer.when():
            if self._timer is not None:
                self._timer.cancel()
            self._timer = loop.call_at(until, self._look)
        return exchange

    def end(self, exchange: "Exchange") -> None:
        """It was left. The timer stays, since another is about to begin."""
        self._under_way.pop(exchange, None)

    def _look(self) -> None:
        """Give up those whose time has come, and look again when the next one's will have."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for exchange in [each for each, until in self._under_way.items() if until <= now]:
            self.end(exchange)
            exchange.give_up()
        first = min(self._under_way.values(), default=None)
        self._timer = None if first is None else loop.call_at(first, self._look)


class Exchange:
    """A question and its answer. Given up, it ends as a `TimeoutError`, whatever was read until then."""

    __slots__ = ("_exchanges", "_is_late", "_transport")

    def __init__(self, exchanges: Exchanges, transport: asyncio.Transport) -> None:
        self._exchanges = exchanges
        self._transport = transport
        self._is_late = False

    def give_up(self) -> None:
        """Cut the connection, so that whoever reads from it is woken."""
        self._is_late = True
        self._transport.abort()

    def __enter__(self) -> None:
        """It goes on."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave it. An answer that ends where its connection does may look whole when that is cut."""
        self._exchanges.end(self)
        if self._is_late and (error is None or isinstance(error, Exception)):
            raise TimeoutError from error
