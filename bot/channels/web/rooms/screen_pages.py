"""The pages of a trainer's screen: opened once by its link, then one slide at a time. They change nothing in the room."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby

from aiohttp import web

from bot.channels.web.guard import A_STRANGER, Buckets, form_of, html
from bot.channels.web.page import Attribute, Content, Markup, element, plain_page, together, whole_page
from bot.channels.web.rooms.inbox import SCREEN, GuestInbox, hold, name_in
from bot.channels.web.site import Site
from bot.pictures.images import as_heat_map, as_qr_code
from bot.rehearsal.screens import report_in, screen_in
from bot.runtime.errors import StoreFault
from bot.runtime.logs import FaultLog
from bot.storage.passes import PassView
from dialogs.core.script import Wording
from dialogs.rehearsal.guest.seat import Screen, Shows, Slide
from dialogs.rehearsal.together.room_report import Cell, ReportRow, cell_words, map_alt

HOME = "/screen"


@dataclass(frozen=True, slots=True)
class Place:
    """Which slide of a screen is shown, counted from 1."""

    screen: Screen
    number: int

    @classmethod
    def asked(cls, screen: Screen, words: str) -> "Place":
        """The slide that is asked for (“closed-3”); the first one where the room has gone on since."""
        phase, _, number = words.partition("-")
        is_its = phase == screen.phase and number.isascii() and number.isdecimal() and len(number) <= 3
        return cls(screen, min(max(int(number), 1), len(screen.slides)) if is_its else 1)

    @property
    def slide(self) -> Slide:
        """The slide."""
        return self.screen.slides[self.number - 1]

    def link(self, step: int) -> str | None:
        """Where the slide before it or after it is; None where there is none."""
        number = self.number + step
        is_there = 1 <= number <= len(self.screen.slides)
        return f"{HOME}?slide={self.screen.phase}-{number}" if is_there else None


def counted_live(screen: Screen) -> Mapping[str, str]:
    """What changes on the slides while people answer, by its name."""
    counts = (each for slide in screen.slides for each in slide.counts)
    return {"phase": screen.phase, "people": screen.people, **{f"item-{number}": str(n) for _, number, n in counts}}


def slide_page(place: Place, words: Wording, *, address: str, alt: str) -> str:
    """The page of a slide; `alt` says what the heat map shows."""
    slide, screen = place.slide, place.screen
    people = (element("p", screen.people, class_="people", data_live="people"),) if screen.people else ()
    main = element(
        "main",
        element("p", words.say("rehearsal.head"), class_="head"),
        element("h1", slide.title),
        *_shown(slide, screen, words=words, address=address, alt=alt),
        *people,
        element("nav", *_ways(place, words)),
        id="slide",
        class_=slide.shows,
        data_phase=screen.phase,
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="robots", content="noindex"),
        element("title", words.say("browser.title")),
        element("link", rel="stylesheet", href="/screen.css"),
        element("script", src="/screen.js", defer=True),
        element("noscript", element("meta", http_equiv="refresh", content="5")) if screen.people else "",
    )
    return whole_page(head, element("body", main))


def _shown(slide: Slide, screen: Screen, *, words: Wording, address: str, alt: str) -> tuple[Markup, ...]:
    paragraphs = tuple(element("p", line) for text in slide.words for line in text.split("\n"))
    match slide.shows:
        case Shows.JOIN:
            page = f"{address}/room"
            code = element("p", screen.code, class_="code")
            qr = element("img", src=f"{HOME}/qr.png", alt=words.say("screen.qr", page=page))
            joining = element("div", qr, element("p", words.say("screen.join", page=page)), code, class_="joining")
            return (joining, *paragraphs)
        case Shows.COUNTS:
            return (*paragraphs, *_counts(slide))
        case Shows.ROW:
            return (*(_bars(slide.row, words) if slide.row is not None else ()), *paragraphs)
        case Shows.MAP:
            return (element("img", src=f"{HOME}/map.png", alt=alt),)
        case Shows.WORDS:
            return paragraphs


def _counts(slide: Slide) -> tuple[Markup, ...]:
    """How many have answered each item, a table a section."""
    tables = []
    for section, counts in groupby(slide.counts, key=lambda each: each[0]):
        mine = tuple(counts)
        numbers = (element("th", number, scope="col") for _, number, _ in mine)
        people = (element("td", str(count), data_live=f"item-{number}") for _, number, count in mine)
        rows = (element("tr", *numbers), element("tr", *people))
        tables.append(element("table", element("caption", section), *rows))
    return tuple(tables)


def _bars(row: ReportRow, words: Wording) -> tuple[Markup, ...]:
    """How many gave each answer, as bars with their words; none where they may not be shown."""
    if not row.cells:
        return ()
    return (element("table", *(_bar(each, row.people, words=words) for each in row.cells), class_="bars"),)


def _bar(cell: Cell, people: int, *, words: Wording) -> Markup:
    bar = element("meter", str(cell.people), min=0, max=max(people, 1), value=cell.people)
    said = element("th", cell_words(cell, words), scope="row", class_=cell.mark or None)
    return element("tr", said, element("td", bar))


def _ways(place: Place, words: Wording) -> tuple[Content, ...]:
    """On and back: each is a link, so that one press of a key follows it."""
    say, of = words.say, len(place.screen.slides)
    number = element("span", say("screen.place", number=place.number, of=of))
    back = _way(place.link(-1), say("screen.earlier"), rel="prev")
    onward = _way(place.link(1), say("screen.next"), rel="next", autofocus=True)
    return (together(*back), number, together(*onward))


def _way(href: str | None, label: str, **attributes: Attribute) -> tuple[Markup, ...]:
    return () if href is None else (element("a", label, href=href, **attributes),)


EVERY = 1.0
"""Seconds after which a screen looks whether something has changed."""


@dataclass(frozen=True, slots=True)
class ScreenPages:
    """Answers to the screens of trainers. `inbox` is None while there is no store; `words` are there all the same."""

    site: Site
    words: Wording
    inbox: Callable[[], GuestInbox | None]
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
        self.strangers.demand(self.site.sender_of(request))
        inbox, say = self.inbox(), self.words.say
        if inbox is None:
            return self._plain("browser.room.unreachable", status=503)
        nonce = element("input", type="hidden", name="nonce", value=inbox.nonce(request.path))
        button = element("p", element("button", say("browser.screen.open"), name="open", value="open"), class_="row")
        opening = element("form", nonce, button, method="post", action=request.path, data_whole=True)
        about = element("p", say("browser.screen.text"))
        return html(plain_page(self.words, about, opening, heading=say("browser.screen.title")))

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Open the screen, where the link still counts."""
        self.strangers.demand(self.site.sender_of(request))
        inbox, said, path = self.inbox(), await form_of(request), request.match_info
        if inbox is None:
            return self._plain("browser.room.unreachable", status=503)
        if not inbox.is_of(said.get("nonce", ""), request.path):
            raise web.HTTPSeeOther(request.path)
        try:
            name, came = await inbox.open_screen(said["nonce"], path["code"], token=path["token"])
        except StoreFault as fault:
            self.faults.note(fault)
            return self._plain("browser.room.unreachable", status=503)
        if came.kept is None:
            return self._plain("browser.screen.used-text", heading="browser.screen.used", status=410)
        response = web.Response(status=303, headers={"Location": HOME})
        hold(response, SCREEN, name=name, until=came.kept.until, now=inbox.now())
        return response

    async def show(self, request: web.Request) -> web.StreamResponse:
        """A slide."""
        inbox, view = await self._view(request)
        if inbox is None or view is None:
            self.strangers.demand(self.site.sender_of(request))
            return self._plain("browser.screen.used-text", heading="browser.screen.used", status=404)
        place = Place.asked(screen_in(view, inbox.script), request.query.get("slide", ""))
        told = report_in(view, inbox.script)
        alt = map_alt(told, self.words) if told is not None else ""
        return html(slide_page(place, self.words, address=self.site.address, alt=alt))

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """What is counted, now and again whenever it changes."""
        inbox, view = await self._view(request)
        if inbox is None:
            raise web.HTTPServiceUnavailable  # a screen asks again
        if view is None:
            raise web.HTTPNoContent
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        last = ""
        with suppress(ConnectionError):  # the page was left
            while self.inbox() is inbox and view is not None:
                now = json.dumps(counted_live(screen_in(view, inbox.script)))
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
        inbox, view = await self._view(request)
        told = report_in(view, inbox.script) if inbox is not None and view is not None else None
        if told is None or not told.figures:
            raise web.HTTPNotFound
        return web.Response(body=await asyncio.to_thread(as_heat_map, told, self.words), content_type="image/png")

    async def _view(self, request: web.Request) -> tuple[GuestInbox | None, PassView | None]:
        """The pass of a screen; none where the browser has none, or that of a guest."""
        inbox, name = self.inbox(), name_in(request, SCREEN)
        try:
            view = await inbox.view(name) if inbox is not None else None
        except StoreFault as fault:
            self.faults.note(fault)
            return None, None
        return inbox, view if view is not None and view.kept.host else None

    def _plain(self, key: str, *, heading: str = "browser.screen.title", status: int) -> web.StreamResponse:
        say = self.words.say
        return html(plain_page(self.words, element("p", say(key)), heading=say(heading)), status)
