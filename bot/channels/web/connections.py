"""Connections that keep to their time: who sends too slowly is cut off, and nobody's idle ones keep out anybody else.

It stands between the transport and the server's own protocol, and knows no request.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

from bot.channels.web.site import plain_address

PATIENCE = 10.0
"""Seconds within which the head of a request has to be there, counted from its first byte, or from the connection."""

MOST, MOST_OF_ONE = 800, 600
"""Connections at once; and of one address, unless it is a proxy of ours. A process may have 1,024 files open where nobody raised
that, and the bot needs some for other things.
"""


class OpenConnections:
    """All that are open. Those on which no request is answered are idle, and make room for new ones."""

    def __init__(self, make: Callable[[], asyncio.Protocol], proxies: frozenset[str]) -> None:
        self._make = make
        self._proxies = proxies
        self._open: Counter[str] = Counter()
        self._idle: dict[str, dict[TimedConnection, None]] = {}

    def __call__(self) -> "TimedConnection":
        """A new one."""
        return TimedConnection(self._make(), self)

    def takes(self, peer: str) -> bool:
        """Admit and count a connection from this address, where there is room or can be made."""
        if peer not in self._proxies and self._open[peer] >= MOST_OF_ONE and not self._end_idle(peer):
            return False
        if self._open.total() >= MOST:
            whose = max(self._idle, key=lambda each: len(self._idle[each]), default="")
            if not self._end_idle(whose):
                return False
        self._open[peer] += 1
        return True

    def idles(self, peer: str, connection: "TimedConnection") -> None:
        """It is idle from now on."""
        self._idle.setdefault(peer, {})[connection] = None

    def answers(self, peer: str, connection: "TimedConnection") -> None:
        """It is idle no more."""
        idle = self._idle.get(peer, {})
        idle.pop(connection, None)
        if not idle:
            self._idle.pop(peer, None)

    def ended(self, peer: str, connection: "TimedConnection") -> None:
        """It is over."""
        self.answers(peer, connection)
        self._open[peer] -= 1
        if not self._open[peer]:
            del self._open[peer]

    def _end_idle(self, peer: str) -> bool:
        """End the connection from this address that is idle for longest; false where none is."""
        longest = next(iter(self._idle.get(peer, ())), None)
        if longest is not None:
            longest.end()
        return longest is not None


class TimedConnection(asyncio.Protocol):
    """One of them: what comes is handed on, and a clock runs until a whole head of a request was heard."""

    def __init__(self, inner: asyncio.Protocol, among: OpenConnections) -> None:
        self._inner = inner
        self._among = among
        self._peer: str | None = None
        self._transport: asyncio.Transport | None = None
        self._late: asyncio.TimerHandle | None = None
        self._is_answering = False

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While a request is answered no clock runs here, and the connection is not idle."""
        self._stop_clock()
        self._is_answering = True
        self._count(is_idle=False)
        try:
            yield
        finally:
            self._is_answering = False
            self._count(is_idle=True)

    @contextmanager
    def awaiting(self) -> Iterator[None]:
        """While the body of that request is waited for, the connection is as good as idle."""
        self._count(is_idle=True)
        try:
            yield
        finally:
            self._count(is_idle=False)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take it, or end it at once where there are too many."""
        self._transport = cast(asyncio.Transport, transport)
        said = transport.get_extra_info("peername")
        peer = plain_address(str(said[0])) if said else ""
        self._inner.connection_made(transport)
        if not self._among.takes(peer):
            self._transport.abort()
            return
        self._peer = peer
        self._count(is_idle=True)
        self._start_clock()

    def data_received(self, data: bytes) -> None:
        """Hand it on."""
        if self._late is None and not self._is_answering:
            self._start_clock()
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """Hand it on."""
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        """Hand it on."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Hand it on."""
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Hand it on, and forget it."""
        self._forget()
        self._inner.connection_lost(exc)

    def end(self) -> None:
        """Close it, and forget it at once."""
        self._forget()
        if self._transport is not None:
            self._transport.abort()

    def _forget(self) -> None:
        self._stop_clock()
        if self._peer is not None:
            self._among.ended(self._peer, self)
            self._peer = None

    def _count(self, *, is_idle: bool) -> None:
        if self._peer is not None:
            (self._among.idles if is_idle else self._among.answers)(self._peer, self)

    def _start_clock(self) -> None:
        self._late = asyncio.get_running_loop().call_later(PATIENCE, self._cut)

    def _stop_clock(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _cut(self) -> None:
        self._late = None
        if self._transport is not None and not self._is_answering:
            self._transport.abort()
