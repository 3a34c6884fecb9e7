"""The pages of a trainer's screen, which shows slides to the group, and what all pages have that a one-time link opens."""

import json
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import ClassVar, assert_never

from aiohttp import web

from bot.channels.web.drawing import Pen
from bot.channels.web.guard import A_STRANGER, Buckets, Followers, form_of, html
from bot.channels.web.markup import Attribute, Content, Markup, element, together, whole_page
from bot.channels.web.page import META, linked, plain_page, striped
from bot.channels.web.rooms.guests import AT_ONCE, CONSOLE, SCREEN, GuestInbox, hold, name_in
from bot.channels.web.site import Site
from bot.pictures.images import as_qr_code
from bot.rehearsal.rooms import screen_in
from bot.runtime.errors import StoreFault
from bot.runtime.logs import FaultLog
from bot.storage.passes import PassView
from dialogs.core.page import TallyPart
from dialogs.core.script import Wording
from dialogs.rehearsal.guest.slides import RoomIs, Screen, Shows, Slide

HOME = "/screen"
LONG, FEW = 460, 4  # the most characters, and the most kinds of answers, of a slide in large type
EVERY = 1.0  # seconds between two checks whether the contents of a screen have changed


@dataclass(frozen=True, slots=True)
class Place:
    """A screen, and the number of the slide that it shows. The first has number 1."""

    screen: Screen
    number: int

    @classmethod
    def asked(cls, screen: Screen, words: str) -> "Place":
        """Return the slide named by a text such as “closed-3”. If the room is no longer in that phase, return the first one.

        A console leads all screens of its room to its own slide.
        """
        if screen.at:
            return cls(screen, screen.at)
        phase, _, number = words.partition("-")
        is_its = phase == screen.phase and number.isascii() and number.isdecimal() and len(number) <= 3
        return cls(screen, min(max(int(number), 1), len(screen.slides)) if is_its else 1)

    def link(self, step: int, label: str, **attributes: Attribute) -> Markup:
        """Return a link to the previous slide (`step` -1) or the next one (`step` 1), or nothing if there is none."""
        number = self.number + step
        if not 1 <= number <= len(self.screen.slides):
            return together()
        return element("a", label, href=f"{HOME}?slide={self.screen.phase}-{number}", class_="button", **attributes)


def slide_page(place: Place, words: Wording, *, address: str) -> str:
    """Return the page of a slide. A screen with a console has no links."""
    screen, say = place.screen, words.say
    slide, counted = screen.slides[place.number - 1], {"number": place.number, "of": len(screen.slides)}
    # Links, so that a single key press follows them.
    nav = (
        element("span", say("screen.place", **counted)),
        place.link(-1, say("screen.earlier"), rel="prev"),
        place.link(1, say("screen.next"), rel="next", autofocus=True),
    )
    main = element(
        "main",
        striped(" · ".join(filter(None, (say("rehearsal.head"), slide.about)))),
        *slide_parts(slide, screen, words, page=f"{address}/room"),
        "" if screen.at else element("nav", *nav, aria_label=say("screen.slides")),
        id="slide",
        class_=f"shows-{slide.shows}",
        data_home=HOME,
        data_phase=screen.phase,
        data_at=live(screen)["at"],
    )
    is_live = bool(screen.people or screen.at)
    return wall_page(words, main, title=say("screen.title", **counted), again=5 if is_live else None)


def wall_page(words: Wording, *content: Markup, title: str, again: int | None, look: str = "wall") -> str:
    """Return a page of a screen or a console. Without scripts, it reloads after `again` seconds."""
    reload = element("noscript", element("meta", http_equiv="refresh", content=str(again))) if again else ""
    files = (linked(name) for name in ("s.css", "screen.css", "screen.js"))
    return whole_page(
        element("head", META, element("title", title), *files, reload), element("body", *content, class_=look)
    )


def slide_parts(slide: Slide, screen: Screen, words: Wording, *, page: str) -> tuple[Content, ...]:
    """Return a slide's picture, if it has one, and its text. `page` is the address that people type."""
    code = element("img", src=f"{HOME}/qr.png", alt=words.say("screen.qr", page=page), class_="qr")
    people = (element("p", screen.people, class_="people", data_live="people"),) if screen.people else ()
    is_long = slide.length > LONG or (slide.row is not None and len(slide.row.cells) > FEW)
    shown = (element("h1", slide.title), *_shown(slide, screen, words=words, page=page), *people)
    return (code if slide.shows is Shows.JOIN else "", element("section", *shown, class_="long" if is_long else None))


def _shown(slide: Slide, screen: Screen, *, words: Wording, page: str) -> tuple[Markup, ...]:
    say, paragraphs = words.say, tuple(element("p", line) for text in slide.words for line in text.split("\n"))
    match slide.shows:
        case Shows.JOIN:
            to_room = element(
                "p", say("screen.join"), " ", element("b", page.partition("://")[2]), " ", say("screen.code")
            )
            hints = (element("p", each, class_="hint") for each in slide.words)
            return (to_room, element("p", screen.code, class_="code"), *hints)
        case Shows.COUNTS:  # how many people answered each item
            sections = groupby(slide.counts, key=lambda count: count[0])
            tallies = (
                TallyPart(name, tuple((number, count) for _, number, count in counts)) for name, counts in sections
            )
            return (*paragraphs, Pen(0, "", "", "").parts(tallies))
        case Shows.TALK:
            return tuple(element("p", text, class_="say") for text in slide.words)
        case Shows.BARS:
            return (*paragraphs, *_bars(slide, words))
        case Shows.REVEAL if slide.words[1:]:
            looked = zip(slide.words, ("label", "read", None, "say"), strict=True)
            return tuple(element("p", text, class_=look) for text, look in looked if text)
        case Shows.ASK | Shows.REVEAL | Shows.WORDS:
            return paragraphs
    assert_never(slide.shows)


def _bars(slide: Slide, words: Wording) -> Iterator[Markup]:
    """Yield how many people gave each answer. No bar says which of them is the agreed one."""
    row = slide.row
    if row is None or not row.cells:
        return
    bars, people = [], max(row.people, 1)
    for cell in row.cells:
        bar = element("rect", width=max(100 * cell.people // people, 1), height=6)
        drawn = element("svg", bar, viewBox="0 0 100 6", preserveAspectRatio="none", aria_hidden="true")
        count = element("span", words.say("screen.count", people=cell.people, of=row.people))
        bars.append(element("li", element("span", cell.label), drawn, count))
    yield element("ul", *bars, class_="bars")


def live(screen: Screen) -> Mapping[str, str]:
    """Return what changes on a screen by itself. If `phase` or `at` is another one, its page is outdated."""
    counts = {f"item-{number}": str(n) for slide in screen.slides for _, number, n in slide.counts}
    return {"phase": screen.phase, "at": f"{screen.at}-{screen.is_held}", "people": screen.people, **counts}


def lend(request: web.Request, response: web.StreamResponse, *, cookie: str, name: str, lasts: timedelta) -> None:
    """Set the cookie of a screen or a console. A console is newer than any screen of its browser, which it replaces."""
    if cookie == CONSOLE and name_in(request, SCREEN):
        hold(request, response, cookie=SCREEN, name="", seconds=0)
    hold(request, response, cookie=cookie, name=name, seconds=lasts.total_seconds())


Live = Callable[[], Awaitable[tuple[str, Mapping[str, str]] | None]]
"""A look-up of what a page follows: the name of its pass, and what changes on the page by itself. None without a pass."""


@dataclass(frozen=True, slots=True)
class LinkedPages(ABC):
    """The pages that a one-time link opens: a screen's, or a console's. `inbox` returns None while there is no store.

    `words` is the wording for use without a store. `key` leads to the texts of the link's own page.
    """

    key: ClassVar[str]
    home: ClassVar[str]
    cookies: ClassVar[tuple[str, ...]]  # those with a pass to these pages; the link sets the first one

    site: Site
    words: Wording
    inbox: Callable[[], GuestInbox | None]
    strangers: Buckets = field(default_factory=lambda: Buckets(A_STRANGER), kw_only=True)
    followers: Followers = field(default_factory=lambda: Followers(AT_ONCE), kw_only=True)
    faults: FaultLog = field(kw_only=True)

    @abstractmethod
    async def opened(self, inbox: GuestInbox, request: web.Request, nonce: str) -> tuple[str, timedelta]:
        """Return the name of the pass that the link makes and how long it lasts, which is no time for a used link."""

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Return a page with a button that opens the pages. The link alone does not, since previews fetch links."""
        self.strangers.demand(self.site.sender_of(request))
        inbox, say = self.inbox(), self.words.say
        if inbox is None:
            return self.plain("browser.room.unreachable", status=503)
        nonce = element("input", type="hidden", name="nonce", value=inbox.nonce(request.path))
        button = element("p", element("button", say(f"{self.key}.open"), class_="main"), class_="row")
        opening = element("form", nonce, button, method="post", action=request.path, data_whole=True)
        about, heading = element("p", say(f"{self.key}.text")), say(f"{self.key}.title")
        return html(plain_page(self.words, about, opening, heading=heading))

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Open the pages and redirect to them. If the link was used before, say so."""
        self.strangers.demand(self.site.sender_of(request))
        inbox, fields = self.inbox(), await form_of(request)
        if inbox is None or not inbox.is_of(fields.get("nonce", ""), request.path):
            raise web.HTTPSeeOther(request.path)
        try:
            name, lasts = await self.opened(inbox, request, fields["nonce"])
        except StoreFault as fault:
            self.faults.note(fault)
            return self.plain("browser.room.unreachable", status=503)
        if not lasts:
            return self.plain(f"{self.key}.used", status=410)
        response = web.Response(status=303, headers={"Location": self.home})
        lend(request, response, cookie=self.cookies[0], name=name, lasts=lasts)
        return response

    async def stream(self, request: web.Request, look: Live) -> web.StreamResponse:
        """Send what `look` returns, at once and whenever it changes, until it returns None or the page is closed."""
        if self.inbox() is None:
            raise web.HTTPServiceUnavailable  # the page reconnects
        seen = await look()
        if seen is None:
            raise web.HTTPNoContent
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        last = ""
        with suppress(ConnectionError), self.followers.opened(seen[0]) as page:  # until the page is left
            while self.inbox() is not None and seen is not None and not self.followers.is_over(page):
                now = json.dumps(seen[1])
                await response.write(f"data: {now}\n\n".encode() if now != last else b":\n\n")
                last = now
                await self.followers.wait(page, EVERY)
                seen = await look()
        return response

    async def pass_of(self, request: web.Request) -> tuple[GuestInbox | None, PassView | None]:
        """Return the inbox and the browser's pass. Each is None if there is none. The pass of a guest does not count.

        Of two passes, the first counts, unless its room is over.
        """
        inbox = self.inbox()
        if inbox is None:
            return None, None
        try:
            found = [await inbox.view(name_in(request, cookie)) for cookie in self.cookies]
        except StoreFault as fault:
            self.faults.note(fault)
            return None, None
        views = [view for view in found if view is not None and view.kept.host]
        under_way = (view for view in views[:-1] if screen_in(view, inbox.script()).phase is not RoomIs.OVER)
        return inbox, next(under_way, views[-1] if views else None)

    def plain(self, key: str, *, status: int) -> web.Response:
        """Return a page that says one thing."""
        say = self.words.say
        return html(plain_page(self.words, element("p", say(key)), heading=say(f"{self.key}.title")), status)


@dataclass(frozen=True, slots=True)
class ScreenPages(LinkedPages):
    """The pages of screens."""

    key, home, cookies = "wall", HOME, (SCREEN, CONSOLE)
    faults: FaultLog = field(default_factory=lambda: FaultLog("no screen served"), kw_only=True)

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses of these pages, with their handlers."""
        return [
            web.get(HOME, self.show),
            web.get(f"{HOME}/events", self.follow),
            web.get(f"{HOME}/qr.png", self.code),
            web.get(f"{HOME}/{{code}}/{{token}}", self.ask),
            web.post(f"{HOME}/{{code}}/{{token}}", self.open),
        ]

    async def opened(self, inbox: GuestInbox, request: web.Request, nonce: str) -> tuple[str, timedelta]:
        """Open the screen of the room whose code the path has."""
        path = request.match_info
        name, came = await inbox.open_screen(nonce, path["code"], token=path["token"])
        return name, timedelta() if came.kept is None else came.kept.until - inbox.now()

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Return the page of the slide that the address names."""
        inbox, view = await self.pass_of(request)
        if inbox is None or view is None:
            self.strangers.demand(self.site.sender_of(request))
            return self.plain("wall.used", status=404)
        place = Place.asked(screen_in(view, inbox.script()), request.query.get("slide", ""))
        return html(slide_page(place, self.words, address=self.site.address))

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """Send what a screen follows, at once and whenever it changes, until the page is closed."""

        async def look() -> tuple[str, Mapping[str, str]] | None:
            inbox, view = await self.pass_of(request)
            return None if inbox is None or view is None else (view.kept.name, live(screen_in(view, inbox.script())))

        return await self.stream(request, look)

    async def code(self, request: web.Request) -> web.StreamResponse:
        """Return a QR code (PNG) with the link to the room."""
        _, view = await self.pass_of(request)
        if view is None:
            raise web.HTTPNotFound
        return web.Response(body=as_qr_code(f"{self.site.address}/room/{view.kept.room}"), content_type="image/png")
