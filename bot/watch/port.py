"""A port of this machine alone, on which monitors read `/healthz` and `/metrics`. It asks for no password."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from bot.runtime.addresses import host_and_port, is_this_machine
from bot.runtime.errors import InUse
from bot.watch.metrics import as_metrics
from bot.watch.vitals import Vitals, ailments

Observe = Callable[[], tuple[Vitals, datetime]]
"""Says how the bot is at this moment, and which moment that is."""


class MonitorPort:
    """Answers monitors until it is closed."""

    def __init__(self, address: str, observe: Observe) -> None:
        self._address = address
        self._observe = observe
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def open(self) -> None:
        """Listen. Raises `InUse` where the port is taken."""
        host, port = host_and_port(self._address)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self.close()
            raise InUse(
                f"SERAF_WATCH_ADDRESS: {self._address} cannot be listened at: {error.strerror}. Is another program there?"
            ) from None

    async def close(self) -> None:
        """Listen no longer."""
        await self._runner.cleanup()

    async def _healthz(self, request: web.Request) -> web.Response:
        """200 where the bot is in order, else 503; with the reasons, and with when whom to call was last delivered."""
        if not _is_asked_by_this_machine(request):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        vitals, now = self._observe()
        ails, delivered = ailments(vitals, now), vitals.reach.delivered
        status = HTTPStatus.SERVICE_UNAVAILABLE if ails else HTTPStatus.OK
        told = {"in_order": not ails, "ails": ails, "delivered": delivered and delivered.isoformat()}
        return web.json_response(told, status=status)

    async def _metrics(self, request: web.Request) -> web.Response:
        """Every number that there is."""
        if not _is_asked_by_this_machine(request):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        vitals, now = self._observe()
        return web.Response(text=as_metrics(vitals, ailments(vitals, now)), content_type="text/plain")


def _is_asked_by_this_machine(request: web.Request) -> bool:
    """Whether it was asked for by an address of this machine: a page in a browser could come by a name of its own."""
    return is_this_machine(host_and_port(request.host)[0])
