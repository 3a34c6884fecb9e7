"""Calls of the Bot API without a library, with the exact replies."""

import json
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

import aiohttp

Encoding = Literal["form", "multipart", "json"]


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: the HTTP status, the text of the body, and the body decoded, or empty if it was no JSON."""

    status: int
    body: dict[str, Any]
    text: str

    @property
    def description(self) -> str:
        """The description of a refusal, or an empty text."""
        return str(self.body.get("description", ""))

    @property
    def result(self) -> Any:
        """The result of a successful call. Raises AssertionError if the call was refused."""
        if not self.body.get("ok"):
            raise AssertionError(f"refused: {self.status} {self.text}")
        return self.body["result"]


class RawBot:
    """A client that calls the Bot API as a bot would: `async with RawBot(server.base, server.token) as bot`."""

    def __init__(self, base: str, token: str) -> None:
        self._root = f"{base}/bot{token}"
        self._session = aiohttp.ClientSession()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self._session.close()

    async def call(self, method: str, *, encoding: Encoding = "form", **params: Any) -> Reply:
        """Call a method. Nested values are sent as JSON text, except within a JSON body."""
        async with self._session.post(f"{self._root}/{method}", **_packed(encoding, params)) as response:
            text = await response.text()
            is_json = response.content_type == "application/json" and text.endswith("}")
            return Reply(response.status, json.loads(text) if is_json else {}, text)

    async def send(self, chat_id: int, text: str = "Hello", **params: Any) -> int:
        reply = await self.call("sendMessage", chat_id=chat_id, text=text, **params)
        return int(reply.result["message_id"])

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.call("getUpdates", **params)).result
        return found


def keyboard(*labels: str) -> dict[str, Any]:
    """Return an inline keyboard of one row. The callback data of each button is its label."""
    return {"inline_keyboard": [[{"text": label, "callback_data": label} for label in labels]]}


def _packed(encoding: Encoding, params: dict[str, Any]) -> dict[str, Any]:
    if encoding == "json":
        return {"json": params}
    form = aiohttp.FormData(default_to_multipart=encoding == "multipart")
    for name, value in params.items():
        if isinstance(value, bytes):
            form.add_field(name, value, filename=f"{name}.txt", content_type="text/plain")
        else:
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    return {"data": form}
