"""The server: it listens, keeps connections to their time, and ends within a few seconds. Our style sheets and scripts it has in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

from aiohttp import web

from bot.channels.web.guard import MOST_BYTES, Gatekeeper, OpenConnections
from bot.channels.web.visitor import Handler
from bot.runtime.errors import SettingsFault

FOLDER = Path(__file__).parent / "static"

FILES = {
    **{"s.css": "text/css", "screen.css": "text/css"},
    **{"s.js": "text/javascript", "screen.js": "text/javascript"},
}
"""Each file and what it is."""


def static_routes() -> list[web.RouteDef]:
    """Where they are."""
    return [
        *(web.get(f"/{name}", _serving(name, kind)) for name, kind in FILES.items()),
        web.get("/favicon.ico", _none),
    ]


def _serving(name: str, kind: str) -> Handler:
    content = (FOLDER / name).read_bytes()

    async def serve(_: web.Request) -> web.StreamResponse:
        return web.Response(body=content, content_type=kind, charset="utf-8", headers={"Cache-Control": "no-cache"})

    return serve


async def _none(_: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


IDLE = 30.0
"""Seconds for which a connection without a request stays open."""

GRACE = 2.0
"""Seconds for what is under way when the server is stopped."""


class _Answering(web.RequestHandler):
    """The server's protocol. It answers what is no HTTP as any other refusal, and not with a piece of what was sent."""

    __slots__ = ("_failed",)

    def __init__(self, server: web.Server, failed: Callable[[int], web.Response]) -> None:
        # No log of requests: in their addresses are codes of rooms and, on the way back from the sign-in, of people.
        super().__init__(server, loop=asyncio.get_running_loop(), access_log=cast(Any, None), keepalive_timeout=IDLE)
        self._failed = failed

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The page of a refusal; nothing where the connection is over, or something was sent already."""
        if isinstance(exc, ConnectionError) or request.writer.output_size > 0:
            raise ConnectionError
        response = self._failed(status)
        response.force_close()
        return response


@asynccontextmanager
async def listening(
    gatekeeper: Gatekeeper, routes: Iterable[web.RouteDef], *, grace: float = GRACE
) -> AsyncIterator[int]:
    """Listen while the block runs; it is told the port. `SettingsFault` where that cannot be."""
    app = web.Application(client_max_size=MOST_BYTES)
    app.on_response_prepare.append(gatekeeper.forbid)
    app.add_routes([*static_routes(), *routes])
    runner = web.AppRunner(app, shutdown_timeout=grace)
    await runner.setup()
    assert runner.server is not None, "the runner is set up"
    # Around all that the server does with a request: no middleware is asked before it answers an unknown `Expect`.
    runner.server.request_handler = cast(Any, gatekeeper.around(cast(Any, runner.server.request_handler)))
    site = gatekeeper.site
    made = OpenConnections(partial(_Answering, runner.server, gatekeeper.failed))
    try:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(made, site.host, site.port, ssl=site.tls)
    except OSError as error:
        await runner.cleanup()
        raise SettingsFault(
            f"SERAF_WEB_BIND: {site.host}:{site.port} cannot be listened on ({error.strerror}); name another port, or stop"
            " what uses it"
        ) from None
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await runner.cleanup()
