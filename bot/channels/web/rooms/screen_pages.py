"""The pages of a trainer's screen: opened once by its link, then one slide at a time. They change nothing in the room."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web

from bot.channels.web.guard.gatekeeper import form_of
from bot.channels.web.guard.rates import A_STRANGER, Buckets
from bot.channels.web.guard.site import Site
from bot.channels.web.page.markup import element
from bot.channels.web.page.whole import plain_page
from bot.channels.web.rooms.cookies import SCREEN, hold, name_in
from bot.channels.web.rooms.desk import RoomDesk
from bot.channels.web.rooms.slide_page import HOME, Place, counted_live, slide_page
from bot.pictures.codes import as_qr_code
from bot.pictures.heat_map import as_heat_map
from bot.rehearsal.screens import report_in, screen_in
from bot.runtime.errors import StoreFault
from bot.runtime.logs import FaultLog
from bot.storage.passes import PassView
from dialogs.core.wording import Wording
from dialogs.rehearsal.together.report import map_alt

EVERY = 1.0
"""Seconds after which a screen looks whether something has changed."""


@dataclass(frozen=True, slots=True)
class ScreenPages:
    """Answers to the screens of trainers. `desk` is None while there is no store; `words` are there all the same."""

    site: Site
    words: Wording
    desk: Callable[[], RoomDesk | None]
    strangers: Buckets = field(default_factory=lambda: Buckets(A_STRANGER))
    faults: FaultLog = field(default_factory=lambda: FaultLog("no screen served"))

    def routes(self) -> list[web.RouteDef]:
        """Where each is."""
        return [
            web.get(HOME, self.show),
            web.get(f"{HOME}/events", self.follow),
            web.get(f"{HOME}/qr.png", self.code),
            web.get(f"{HOME}/map.png", self.map),
            web.get(f"{HOME}/{{code}}/{{token}}", self.ask),
            web.post(f"{HOME}/{{code}}/{{token}}", self.open),
        ]

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """What the link opens, and a button that opens it."""
        self._count(request)
        desk, say = self.desk(), self.words.say
        if desk is None:
            return self._plain("browser.room.unreachable", status=503)
        nonce = element("input", type="hidden", name="nonce", value=desk.nonce(request.path))
        button = element("p", element("button", say("browser.screen.open"), name="open", value="open"), class_="row")
        opening = element("form", nonce, button, method="post", action=request.path, data_whole=True)
        about = element("p", say("browser.screen.text"))
        return _html(plain_page(self.words, about, opening, heading=say("browser.screen.title")))

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Open the screen, where the link still counts."""
        self._count(request)
        desk, said, path = self.desk(), await form_of(request), request.match_info
        if desk is None:
            return self._plain("browser.room.unreachable", status=503)
        if not desk.is_of(said.get("nonce", ""), request.path):
            raise web.HTTPSeeOther(request.path)
        try:
            name, came = await desk.open_screen(said["nonce"], path["code"], token=path["token"])
        except StoreFault as fault:
            self.faults.note(fault)
            return self._plain("browser.room.unreachable", status=503)
        if came.kept is None:
            return self._plain("browser.screen.used-text", heading="browser.screen.used", status=410)
        response = web.Response(status=303, headers={"Location": HOME})
        hold(response, SCREEN, name=name, until=came.kept.until, now=desk.now())
        return response

    async def show(self, request: web.Request) -> web.StreamResponse:
        """A slide."""
        desk, view = await self._view(request)
        if desk is None or view is None:
            self._count(request)
            return self._plain("browser.screen.used-text", heading="browser.screen.used", status=404)
        place = Place.asked(screen_in(view, desk.script), request.query.get("slide", ""))
        told = report_in(view, desk.script)
        alt = map_alt(told, self.words) if told is not None else ""
        return _html(slide_page(place, self.words, address=self.site.address, alt=alt))

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """What is counted, now and again whenever it changes."""
        desk, view = await self._view(request)
        if desk is None:
            raise web.HTTPServiceUnavailable  # a screen asks again
        if view is None:
            raise web.HTTPNoContent
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        last = ""
        with suppress(ConnectionError):  # the page was left
            while self.desk() is desk and view is not None:
                now = json.dumps(counted_live(screen_in(view, desk.script)))
                await response.write(f"data: {now}\n\n".encode() if now != last else b":\n\n")
                last = now
                await asyncio.sleep(EVERY)
                _, view = await self._view(request)
        return response

    async def code(self, request: web.Request) -> web.StreamResponse:
        """The link to the room as a QR code."""
        _, view = await self._view(request)
        if view is None:
            raise web.HTTPNotFound
        return web.Response(body=as_qr_code(f"{self.site.address}/room/{view.kept.room}"), content_type="image/png")

    async def map(self, request: web.Request) -> web.StreamResponse:
        """The heat map of a closed room."""
        desk, view = await self._view(request)
        told = report_in(view, desk.script) if desk is not None and view is not None else None
        if told is None or not told.figures:
            raise web.HTTPNotFound
        return web.Response(body=await asyncio.to_thread(as_heat_map, told, self.words), content_type="image/png")

    async def _view(self, request: web.Request) -> tuple[RoomDesk | None, PassView | None]:
        """The pass of a screen; none where the browser has none, or that of a guest."""
        desk, name = self.desk(), name_in(request, SCREEN)
        try:
            view = await desk.view(name) if desk is not None else None
        except StoreFault as fault:
            self.faults.note(fault)
            return None, None
        return desk, view if view is not None and view.kept.host else None

    def _plain(self, key: str, *, heading: str = "browser.screen.title", status: int) -> web.StreamResponse:
        say = self.words.say
        return _html(plain_page(self.words, element("p", say(key)), heading=say(heading)), status)

    def _count(self, request: web.Request) -> None:
        if not self.strangers.takes(self.site.sender_of(request)):
            raise web.HTTPTooManyRequests


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html")
