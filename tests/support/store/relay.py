"""A relay between the bot and a PostgreSQL server, on a socket of its own, that can lose, hold and delay what passes."""

import contextlib
import select
import socket
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

PORT = 5432
COMMIT = b"COMMIT\0"


class Relay:
    """Passes bytes between clients and the server. Every change of it counts from the next bytes on.

    `loses`: "request" loses the next request to commit with its connection, "answer" the server's answer to it.
    `stops` stops either of them, and with it the connection, until `go_on`; `has_stopped` is set then.
    `holds`: nothing passes, as on a network that was cut without a word. `seconds`: a delay in each direction.
    """

    def __init__(self, server: Path, folder: Path) -> None:
        self.loses = self.stops = ""
        self.has_stopped, self._goes_on, self._passes_on = threading.Event(), threading.Event(), True
        self.holds = False
        self.seconds = 0.0
        self.turns = 0  # how often the server had to answer before more was asked
        self.folder = folder
        self._server = server / f".s.PGSQL.{PORT}"
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / f".s.PGSQL.{PORT}"))
        self._listening.listen()
        self._closed = set[socket.socket]()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._is_open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def address(self, database: str = "seraf") -> str:
        return f"postgresql:///{database}?host={self.folder}&user=postgres"

    def go_on(self, *, is_passed_on: bool = True) -> None:
        """Pass on what was stopped, or lose it with its connection."""
        self._passes_on = is_passed_on
        self.has_stopped.clear()
        self._goes_on.set()

    def half_close(self, towards: str) -> None:
        """Close each connection in one direction, towards the "client" or the "server". The other direction stays open."""
        for pair in tuple(self._pairs):
            end = pair[towards == "server"]
            self._closed.add(end)
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """End every connection."""
        for pair in tuple(self._pairs):
            self._end(pair)

    def close(self) -> None:
        self._is_open = False
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        while self._is_open:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(str(self._server))
            except OSError:
                client.close()
                server.close()
                continue
            self._pairs.append((client, server))
            threading.Thread(target=self._pass, args=((client, server),), daemon=True).start()

    def _pass(self, pair: tuple[socket.socket, socket.socket]) -> None:
        try:
            with contextlib.suppress(OSError, ValueError):
                self._pass_on(*pair)
        finally:
            self._end(pair)

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        is_answer_lost = is_answer_stopped = was_asked = False
        ends = {client: server, server: client}
        under_way: deque[tuple[float, socket.socket, bytes]] = deque()  # when it arrives, at which end, and what
        while True:
            left = max(0.0, under_way[0][0] - time.monotonic()) if under_way else 0.05
            ready, _, _ = select.select(tuple(ends), (), (), min(left, 0.05))
            if self.holds:
                time.sleep(0.05)
                continue
            for end in ready:
                content = end.recv(65_536)
                if content and ends[end] in self._closed:
                    continue  # it goes nowhere
                if not content and end in self._closed and len(ends) > 1:
                    del ends[end]  # the other end does not hear that this one has closed too
                    continue
                if not content:
                    return
                if end is client and COMMIT in content and self.stops:
                    is_answer_stopped = self.stops == "answer"
                    if not is_answer_stopped and not self._stop():
                        return
                elif end is server and is_answer_stopped:
                    is_answer_stopped = False
                    if not self._stop():
                        return
                if end is client and COMMIT in content and self.loses:
                    lost, self.loses = self.loses, ""
                    if lost == "request":
                        return
                    is_answer_lost = True
                elif end is server and is_answer_lost:
                    return
                self.turns += end is server and was_asked
                was_asked = end is client
                # On a slow line what was sent later does not wait for what was sent before.
                under_way.append((time.monotonic() + self.seconds, server if end is client else client, content))
            while under_way and under_way[0][0] <= time.monotonic():
                _, end, content = under_way.popleft()
                end.sendall(content)

    def _stop(self) -> bool:
        """Wait for `go_on`. Return True if the content is to be passed on."""
        self.stops = ""
        self._goes_on.clear()
        self.has_stopped.set()
        self._goes_on.wait()
        return self._passes_on

    def _end(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with contextlib.suppress(ValueError):
            self._pairs.remove(pair)
        for end in pair:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextlib.contextmanager
def relayed(server: Path) -> Iterator[Relay]:
    """Yield a relay to the server whose socket is in this folder."""
    with tempfile.TemporaryDirectory(prefix="seraf-relay-") as folder:
        relay = Relay(server, Path(folder))
        try:
            yield relay
        finally:
            relay.close()
