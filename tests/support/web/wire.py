"""A minimal HTTP client with one connection, which sends exactly what a test says; and a connection that can be cut."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlencode

HOST = "seraf.test"
ORIGIN = f"https://{HOST}"

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. Header names are in lower case. If a header is repeated, its last value counts."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Wire:
    """A connection to a server on this machine. If the server closes it, it is opened again."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self.port = port
        self.source = source
        self.host = HOST
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, headers: Mapping[str, str] = NOTHING) -> Answer:
        return await self.send("GET", path, headers=headers)

    async def post(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        return await self.send("POST", path, headers={**FORM, **headers}, body=urlencode(fields).encode())

    async def send(self, method: str, path: str, *, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        reader, writer = await self.open()
        writer.write(self.request(method, path, headers=headers, body=body))
        answer = await read_answer(reader)
        if answer.headers.get("connection") == "close":
            await self.close()
        return answer

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None or self._streams[0].at_eof():
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(self.source, 0))
        return self._streams

    def request(self, method: str, path: str, *, headers: Mapping[str, str], body: bytes = b"") -> bytes:
        """Return the bytes of a complete request."""
        head = {"Host": self.host, **({"Content-Length": str(len(body))} if method == "POST" else {}), **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body

    async def close(self) -> None:
        """Close the connection. The next request opens a new one."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    """Read and return the status and the headers of a response. Of a header that comes again, each value is a line."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = dict[str, str]()
    for name, _, value in (line.partition(": ") for line in head[1:] if line):
        headers[name.lower()] = f"{headers.get(name.lower(), '')}\n{value}".strip()
    return int(head[0].split()[1]), headers


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """Read and return a complete response, whose length the headers give."""
    status, headers = await read_head(reader)
    return Answer(status, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


@dataclass(slots=True)
class Line:
    """A forwarder of connections from a port of this machine to the server's, like a network cable that can be cut."""

    house: Callable[[], int]
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)

    @asynccontextmanager
    async def standing(self, port: int) -> AsyncIterator["Line"]:
        """Forward connections to `port` within the context."""
        async with await asyncio.start_server(self._carry_both, "127.0.0.1", port):
            yield self
            self.cut()

    def cut(self) -> None:
        """Cut all open connections. New ones are still forwarded."""
        for each in self._ends:
            each.transport.abort()

    async def _carry_both(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.house())
        self._ends |= {writer, back}
        await asyncio.gather(self._carry(reader, back), self._carry(there, writer))
        self._ends -= {writer, back}

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while said := await reader.read(65_536):
                writer.write(said)
                await writer.drain()
        writer.close()
