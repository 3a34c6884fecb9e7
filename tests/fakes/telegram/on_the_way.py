"""What can stand between a bot and the API, on loopback: a test certificate authority, TLS, and a proxy."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LIFE = timedelta(days=1)
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Authority:
    """A self-signed certificate for `localhost`. A client trusts it if it is given the file."""

    file: Path

    @classmethod
    def made(cls, file: Path) -> "Authority":
        """Create a certificate, and write it with its private key to one file."""
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - LIFE, now + LIFE)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        kind, form = serialization.PrivateFormat.PKCS8, serialization.Encoding.PEM
        file.write_bytes(key.private_bytes(form, kind, serialization.NoEncryption()) + certificate.public_bytes(form))
        return cls(file)

    @property
    def context(self) -> ssl.SSLContext:
        """The TLS context of a server that uses this certificate."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.file)
        return context


@contextlib.asynccontextmanager
async def served_securely(authority: Authority, port: int) -> AsyncIterator[int]:
    """Offer the server at `port` over TLS. Yield the port of the TLS server."""

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _join((reader, writer), await asyncio.open_connection("127.0.0.1", port))

    server = await asyncio.start_server(relay, "127.0.0.1", 0, ssl=authority.context)
    async with server:
        yield server.sockets[0].getsockname()[1]


@dataclass(slots=True)
class Proxy:
    """A proxy that records the requested destinations in `asked`. With `refuses`, it answers each request with 403."""

    refuses: bool = False
    asked: list[str] = field(default_factory=list)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """Run the proxy. Yield its address, as a value for `HTTPS_PROXY`."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head.split()[1])
        if self.refuses:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        host, _, port = self.asked[-1].partition(":")
        await _join((reader, writer), await asyncio.open_connection(host, int(port)))


async def _join(one: Streams, other: Streams) -> None:
    """Copy bytes in both directions until one side ends."""
    try:
        await asyncio.wait(
            [asyncio.create_task(_carry(one[0], other[1])), asyncio.create_task(_carry(other[0], one[1]))],
            return_when=asyncio.FIRST_COMPLETED,
        )
    finally:
        one[1].close()
        other[1].close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while said := await reader.read(65536):
            writer.write(said)
            await writer.drain()
