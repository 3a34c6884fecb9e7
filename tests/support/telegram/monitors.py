"""A monitor's view of a bot: its port, and the socket on which systemd would listen."""

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
"""Seconds after which a bot of which something should be wrong, or nothing, is taken to be well, or not to be."""


def free_address() -> str:
    """Return a free address of this machine."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply of the port."""

    status: int
    text: str

    @property
    def ails(self) -> list[str]:
        """The ailments in `/healthz`."""
        found: list[str] = json.loads(self.text)["ails"]
        return found

    @property
    def delivered(self) -> str | None:
        """When whom to call was last delivered, by `/healthz`."""
        found: str | None = json.loads(self.text)["delivered"]
        return found

    def number(self, name: str) -> float | None:
        """Return a number of `/metrics` by its name and label, or None."""
        lines = (line.rpartition(" ") for line in self.text.splitlines() if not line.startswith("#"))
        return next((float(value) for key, _, value in lines if key == name), None)


async def asked(address: str, path: str, **headers: str) -> Answered:
    """Return the port's reply to a monitor."""
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}{path}", headers=headers) as answer:
        return Answered(answer.status, await answer.text())


async def until_ails(address: str, *ails: str) -> Answered:
    """Wait until a bot has exactly these ailments; return that reply."""
    answer = None
    async with asyncio.timeout(SECONDS):
        while answer is None or answer.ails != list(ails):
            await asyncio.sleep(0.05)
            with suppress(aiohttp.ClientConnectorError):
                answer = await asked(address, "/healthz")
    assert answer.status == (503 if ails else 200)
    return answer


class Listening:
    """What systemd has received so far."""

    def __init__(self, ear: socket.socket) -> None:
        self._ear = ear
        self.heard: list[str] = []

    def listen(self) -> list[str]:
        """Return what came since the last time."""
        news = []
        while True:
            try:
                news.append(self._ear.recv(4096).decode())
            except BlockingIOError:
                self.heard += news
                return news


@contextmanager
def systemd(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Listening]:
    """Provide a socket as systemd does for a unit of `Type=notify`."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as ear:
        ear.bind(str(folder / "notify"))
        ear.setblocking(False)
        patch.setenv("NOTIFY_SOCKET", str(folder / "notify"))
        yield Listening(ear)
