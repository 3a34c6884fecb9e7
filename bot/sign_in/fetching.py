"""How the organisation's sign-in is asked: over TLS, without following redirects, for answers of a certain length at most."""

import json
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp

from bot.runtime.addresses import is_address, is_this_machine
from bot.sign_in.refusals import ProviderFault

SECONDS = 10.0
LONGEST_ANSWER = 256 * 1024
"""Bytes of an answer that are read."""

Answer = Mapping[str, Any]


def is_private(address: object) -> bool:
    """Whether what is sent to this address cannot be read on the way: it has TLS, or never leaves the machine."""
    if not isinstance(address, str) or not is_address(address):
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" or is_this_machine(str(parts.hostname))


class Fetching:
    """Connections to the organisation's sign-in, in an `async with`."""

    def __init__(self, trusted: ssl.SSLContext | bool = True, proxy: str | None = None) -> None:
        self._trusted, self._proxy = trusted, proxy
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open them."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=20, ssl=self._trusted),
            timeout=aiohttp.ClientTimeout(total=SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # or a short answer could become a long one
            headers={"Accept-Encoding": "identity", "Accept": "application/json"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        """Close them."""
        assert self._session is not None, "closed before it was opened"
        await self._session.close()

    async def get(self, address: str) -> Answer:
        """What is found there; `ProviderFault` for everything but an answer in JSON."""
        status, found = await self._ask("GET", address)
        if status != HTTPStatus.OK:
            raise ProviderFault(f"{host_of(address)} answered {status}.")
        return found

    async def post(self, address: str, fields: Mapping[str, str], *, secret: str | None) -> tuple[int, Answer]:
        """What comes of sending these fields: the status and the answer in JSON. `secret` is the client's, for its header."""
        return await self._ask("POST", address, data=dict(fields), headers={"Authorization": secret} if secret else {})

    async def _ask(self, method: str, address: str, **more: Any) -> tuple[int, Answer]:
        assert self._session is not None, "it is asked within `async with`"
        parts = urlsplit(address)
        # What has no TLS never leaves this machine (`is_private`), and is nothing for a proxy.
        proxy = self._proxy if parts.scheme == "https" and not proxy_bypass(parts.netloc) else None
        try:
            async with self._session.request(method, address, allow_redirects=False, proxy=proxy, **more) as response:
                return response.status, _read(await _limited(response), address)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise ProviderFault(f"{host_of(address)} was not reached ({type(error).__name__}).") from None


def host_of(address: str) -> str:
    """The sign-in by its host, for messages: what stands behind that may be secret."""
    return f"The organisation's sign-in at {urlsplit(address).hostname}"


async def _limited(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > LONGEST_ANSWER:
            raise ProviderFault(f"{host_of(str(response.url))} answered with over {LONGEST_ANSWER:,} bytes.")
    return bytes(body)


def _read(body: bytes, address: str) -> Answer:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ProviderFault(f"{host_of(address)} did not answer in JSON.")
    return found
