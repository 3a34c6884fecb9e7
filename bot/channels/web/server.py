"""The server: it listens, keeps connections to their time, and ends within a few seconds."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.channels.web.guard.connections import OpenConnections
from bot.channels.web.guard.gatekeeper import MOST_BYTES, Gatekeeper
from bot.channels.web.statics import static_routes
from bot.runtime.errors import SettingsFault

IDLE = 30.0
"""Seconds for which a connection without a request stays open."""

GRACE = 2.0
"""Seconds for what is under way when the server is stopped."""


@asynccontextmanager
async def listening(
    gatekeeper: Gatekeeper, routes: Iterable[web.RouteDef], *, grace: float = GRACE
) -> AsyncIterator[int]:
    """Listen while the block runs; it is told the port. `SettingsFault` where that cannot be."""
    app = web.Application(middlewares=[gatekeeper.middleware], client_max_size=MOST_BYTES)
    app.on_response_prepare.append(gatekeeper.forbid)
    app.add_routes([*static_routes(), *routes])
    # No log of requests: in their addresses are codes of rooms and, on the way back from the sign-in, of people.
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=IDLE, shutdown_timeout=grace)
    await runner.setup()
    assert runner.server is not None, "the runner is set up"
    site = gatekeeper.site
    made = OpenConnections(runner.server, site.proxies)
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
