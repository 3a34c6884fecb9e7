"""How the library reaches the Bot API: over aiohttp, which costs less processor time than its default client."""

import json
from http import HTTPStatus
from typing import Any
from urllib.request import getproxies_environment

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

READ_SECONDS = 15.0
CONNECT_SECONDS = 10.0


class AiohttpRequest(BaseRequest):
    """One pool of connections. Polling needs one of its own, so that it never waits behind answers that hang."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer where a call says nothing else."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the pool; a second time changes nothing. A proxy is heeded where the environment names one."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=100), trust_env=bool(getproxies_environment())
            )

    async def shutdown(self) -> None:
        """Close the pool; a second time changes nothing."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        """Send one call, and return its HTTP status and body. No error that it raises quotes the address, which has the token."""
        assert self._session is not None, "initialize comes first"
        read = read_timeout if isinstance(read_timeout, int | float) else READ_SECONDS
        timeout = aiohttp.ClientTimeout(total=read + CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=read)
        fields = _form(request_data) if request_data else None
        try:
            async with self._session.request(method, url, data=fields, timeout=timeout) as response:
                status, body = response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NetworkError(type(error).__name__) from None
        if status == HTTPStatus.OK and b'"result"' not in body:
            raise NetworkError("an answer without a result")
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer of the Bot API. The library's own way would log one that it cannot read, word for word, as an error."""
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


def _form(request: RequestData) -> dict[str, str] | aiohttp.FormData:
    """What a call sends: fields, and files where it has any."""
    if not request.contains_files:
        return request.json_parameters
    form = aiohttp.FormData(request.json_parameters)
    for name, (filename, content, kind) in request.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
