"""Reads calls from HTTP requests and writes replies, without knowing what they mean."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.telegram.api.parameters import Upload
from tests.fakes.telegram.state.refusals import Refusal, bad_request


@dataclass(frozen=True, slots=True)
class Request:
    """One call of the bot: the method, its raw parameters, and the monotonic time at which it arrived."""

    method: str
    params: dict[str, Any]
    at: float

    @property
    def whom(self) -> int | str:
        """The chat of the call. Without a chat, the id of the answered tap; without that too, the method."""
        chat = self.params.get("chat_id")
        if chat is not None and str(chat).lstrip("-").isdecimal():
            return int(chat)
        return str(self.params.get("callback_query_id", self.method))


async def read_body(request: web.Request) -> dict[str, Any]:
    """Return the parameters of a request, from its query and from a form, a multipart body or a JSON object."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError as error:
            raise bad_request("can't parse JSON object") from error
        if not isinstance(body, dict):
            raise bad_request("object expected")
        return params | body
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params[name] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            params[name] = value
    return _attached(params)


def _attached(params: dict[str, Any]) -> dict[str, Any]:
    """Replace each value `attach://part` with the file of the multipart body that has this name."""
    named = {
        name: value.removeprefix("attach://")
        for name, value in params.items()
        if isinstance(value, str) and value.startswith("attach://") and value.removeprefix("attach://") in params
    }
    kept = {name: value for name, value in params.items() if name not in named.values()}
    return kept | {name: params[part] for name, part in named.items()}


def yes(result: Any) -> web.Response:
    """Return Telegram's reply to a successful call."""
    return web.Response(text=json.dumps({"ok": True, "result": result}), content_type="application/json")


def no(refusal: Refusal) -> web.Response:
    """Return Telegram's reply to a refused call."""
    body: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
    return web.Response(status=refusal.status, text=json.dumps(body), content_type="application/json")


def page(status: int) -> web.Response:
    """Return the HTML error page of a proxy that could not reach Telegram."""
    words = {500: "Internal Server Error", 502: "Bad Gateway"}[status]
    html = f"<html>\r\n<head><title>{status} {words}</title></head>\r\n<body><h1>{words}</h1></body>\r\n</html>\r\n"
    return web.Response(status=status, text=html, content_type="text/html")


def garbage() -> web.Response:
    """Return a successful response whose JSON is cut off in the middle."""
    return web.Response(text='{"ok":true,"result":{"message_', content_type="application/json")


def cut(request: web.Request) -> web.Response:
    """Break the connection. The bot never gets the returned response."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
