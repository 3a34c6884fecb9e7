"""What a monitor sees of a bot: the replies of its monitoring port, and its notifications to systemd."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

SECONDS = 30.0
"""The maximum time in seconds to wait until a bot reports the expected problems."""


def free_address() -> str:
    """Return a free address on this machine, with its port."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply of the monitoring port."""

    status: int
    text: str

    @property
    def ails(self) -> list[str]:
        """The problems that `/healthz` reports."""
        found: list[str] = json.loads(self.text)["ails"]
        return found

    @property
    def delivered(self) -> str | None:
        """The time at which the bot last delivered whom to call, as `/healthz` reports it."""
        found: str | None = json.loads(self.text)["delivered"]
        return found

    def number(self, name: str) -> float | None:
        """Return a value of `/metrics` by its name and labels, or None if it is missing."""
        lines = (line.rpartition(" ") for line in self.text.splitlines() if not line.startswith("#"))
        return next((float(value) for key, _, value in lines if key == name), None)


async def asked(address: str, path: str, **headers: str) -> Answered:
    """Return the reply of the monitoring port to a request."""
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}{path}", headers=headers) as answer:
        return Answered(answer.status, await answer.text())


async def until_ails(address: str, *ails: str) -> Answered:
    """Wait until the bot reports exactly these problems, and return that reply."""
    answer = None
    async with asyncio.timeout(SECONDS):
        while answer is None or answer.ails != list(ails):
            await asyncio.sleep(0.05)
            with suppress(aiohttp.ClientConnectorError):
                answer = await asked(address, "/healthz")
    assert answer.status == (503 if ails else 200)
    return answer


class Listening:
    """The notifications that systemd has received so far."""

    def __init__(self, ear: socket.socket) -> None:
        self._ear = ear
        self.heard: list[str] = []

    def listen(self) -> list[str]:
        """Return the notifications since the last call."""
        news = []
        while True:
            try:
                news.append(self._ear.recv(4096).decode())
            except BlockingIOError:
                self.heard += news
                return news


@contextmanager
def systemd(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Listening]:
    """Provide a notification socket within the context, as systemd does for a unit of `Type=notify`."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as ear:
        ear.bind(str(folder / "notify"))
        ear.setblocking(False)
        patch.setenv("NOTIFY_SOCKET", str(folder / "notify"))
        yield Listening(ear)
