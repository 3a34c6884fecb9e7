"""The pages of people who are served: the card, a turn, what changes, and documents.

They know no way in. People who are not known are answered by the front, whatever that is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import quote

from aiohttp import web

from bot.channels.protocol import Scripted
from bot.channels.web.guard import A_PERSON, Buckets, form_of, html
from bot.channels.web.inbox import Look, PageInbox, read_act
from bot.channels.web.page import Frame, Markup, blank_page, card_page, card_words, element, page, stranger_page
from bot.channels.web.visitor import Handler, Identity, Visitor
from bot.runtime.clock import local_time
from bot.runtime.errors import DocumentFault, StoreFault, StoreSlow
from bot.runtime.logs import FaultLog, log
from dialogs.core.acts import Kind, Overlay
from dialogs.core.script import Script
from dialogs.locked import AccountState, Gate, gate_card
from seraf.advice.contacts import LocalTime

SOONEST = 5
"""Seconds after which a page without a script asks again at the earliest."""

DOCUMENT = "document"

PATIENCE = 1.2
"""Seconds for which people wait for the store; then they are told whom to call without it."""

Came = TypeVar("Came")


@dataclass(frozen=True, slots=True)
class Pages:
    """Answers at one address, `home`. `inbox` is None while there is no store; `bare` has the words and the time all the same.

    `extra` is what the way in puts under every card, such as signing out.
    """

    home: str
    bare: Scripted
    identity: Identity
    front: Handler
    inbox: Callable[[], PageInbox | None]
    extra: tuple[Markup, ...] = ()
    people: Buckets = field(default_factory=lambda: Buckets(A_PERSON))
    faults: FaultLog = field(default_factory=lambda: FaultLog("page failed"))

    def routes(self) -> list[web.RouteDef]:
        """Where each is."""
        under = self.home.rstrip("/")
        return [
            web.get(self.home, self.show),
            web.post(self.home, self.act),
            web.get(f"{under}/events", self.follow),
            web.get(f"{under}/{DOCUMENT}/{{kind}}", self.send),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The card, drawn from what is kept."""
        try:
            return await _in_time(self._drawn(request))
        except StoreFault as fault:
            self.faults.note(fault)
            return self._unreachable()

    async def act(self, request: web.Request) -> web.StreamResponse:
        """One turn, and then the card: where nothing was done, the card is shown as it is."""
        try:
            inbox, visitor = self.inbox(), await _in_time(self._visitor(request))
            if inbox is None:
                return self._unreachable("not-saved")
            if visitor is not None:
                form = await form_of(request)
                await _in_time(self._take(inbox, visitor, form))
        except StoreFault as fault:
            self.faults.note(fault)
            return self._unreachable("not-saved")
        raise web.HTTPSeeOther(self.home)

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """What the card is called now, and again whenever it changes."""
        # That header is for nginx, which would gather what is written while an open page hears nothing.
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        try:
            inbox, visitor = self.inbox(), await _in_time(self._visitor(request))
        except StoreFault as fault:
            self.faults.note(fault)
            raise web.HTTPServiceUnavailable from None
        if inbox is None:
            raise web.HTTPServiceUnavailable
        if visitor is None:
            # 204 is what tells a browser to end the stream, and not to ask again.
            raise web.HTTPNoContent
        with suppress(ConnectionError):  # the page was left
            await self._tell(request, response, inbox=inbox, visitor=visitor)
        return response

    async def _tell(
        self, request: web.Request, response: web.StreamResponse, *, inbox: PageInbox, visitor: Visitor
    ) -> None:
        """Tell an open page what its card is called, for as long as it may be told."""
        await response.prepare(request)
        last = None
        with inbox.watch.opened(visitor.person) as page:
            while self.inbox() is inbox and not inbox.watch.is_over(page):
                shown = await self._shown(inbox, request, visitor)
                if shown is None:
                    break
                await response.write(f"data: {shown}\n\n".encode() if shown != last else b":\n\n")
                last = shown
                await inbox.watch.wait(page)
        await response.write(b"data: over\n\n")

    async def send(self, request: web.Request) -> web.StreamResponse:
        """A document that is owed, as a file that is kept nowhere on the way."""
        inbox, visitor = self.inbox(), await self._visitor(request)
        look = await inbox.look(visitor.person) if inbox is not None and visitor is not None else None
        owed = [each for each in look.documents if each.kind == request.match_info["kind"]] if look else []
        if inbox is None or look is None or not owed:
            raise web.HTTPSeeOther(self.home)
        try:
            file = await asyncio.to_thread(inbox.conversation.document, look.record, owed[0])
        except DocumentFault as fault:
            log.error("not made", fault=type(fault).__name__)
            raise web.HTTPInternalServerError from None
        if file is None:
            raise web.HTTPSeeOther(self.home)
        named = f"attachment; filename*=UTF-8''{quote(file.name)}"
        return web.Response(
            body=file.content, headers={"Content-Disposition": named}, content_type="application/octet-stream"
        )

    async def _drawn(self, request: web.Request) -> web.StreamResponse:
        inbox = self.inbox()
        visitor = await self._visitor(request)
        if inbox is None:
            return self._unreachable()
        if visitor is None:
            return await self.front(request)
        return html(await self._page(inbox, visitor))

    async def _visitor(self, request: web.Request) -> Visitor | None:
        """Return who it is; somebody who comes too often is told to wait."""
        visitor = await self.identity.visitor(request)
        if visitor is not None:
            self.people.demand(visitor.person)
        return visitor

    async def _take(self, inbox: PageInbox, visitor: Visitor, form: Mapping[str, str]) -> None:
        conversation, script = inbox.conversation, self._script
        if not inbox.nonces.is_of(form.get("nonce", ""), visitor, now=self.bare.clock.now()):
            inbox.toasts.say(visitor.session, script.wording.say("browser.old"))
            return
        heard = read_act(form, visitor, conversation.occasion(), takes_notes=script.notes is not None)
        if heard is None:
            inbox.toasts.say(visitor.session, script.wording.say("toast.no-button"))
            return
        await inbox.take(visitor, heard)

    async def _page(self, inbox: PageInbox, visitor: Visitor) -> str:
        look, now = await inbox.look(visitor.person), self.bare.clock.now()
        words, toast = self._script.wording, inbox.toasts.take(visitor.session)
        nonce = inbox.nonces.fresh(visitor, now)
        frame = Frame(words, self.home, nonce, toast=toast, extra=self.extra)
        if look is None:
            return stranger_page(frame, self._script, local_time(now))
        frame = self._around(look, frame)
        return blank_page(frame) if look.card is None else card_page(look.card, frame)

    def _around(self, look: Look, frame: Frame) -> Frame:
        due, now = look.record.due, self.bare.clock.now()
        under, called = self.home.rstrip("/"), frame.words.say_first
        files = (
            (called(f"browser.document.{each.kind}", "browser.document.file"), f"{under}/{DOCUMENT}/{each.kind}")
            for each in look.documents
        )
        again = max(SOONEST, int((due - now).total_seconds()) + 1) if due else None
        return replace(frame, shown=look.shown, offers=look.offers, documents=tuple(files), again=again)

    async def _shown(self, inbox: PageInbox, request: web.Request, visitor: Visitor) -> str | None:
        """What is to be shown now is called so; None where it is nobody's any more, or cannot be seen."""
        try:
            if await self.identity.visitor(request) != visitor:
                return None
            look = await inbox.look(visitor.person)
        except StoreFault:
            return None
        return look.shown if look else None

    @property
    def _script(self) -> Script:
        inbox = self.inbox()
        return (inbox.conversation if inbox else self.bare).script

    def _unreachable(self, toast: str = "") -> web.Response:
        said = self._script.wording.say(f"toast.{toast}") if toast else ""
        now = local_time(self.bare.clock.now())
        return html(unreachable_page(self._script, now, toast=said), status=503)


async def _in_time(answering: Awaitable[Came]) -> Came:
    """What needs the store, where that is not slow; what is under way there goes on by itself, and counts once if it is sent again."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await answering
    except TimeoutError:
        raise StoreSlow("The store is slow: people are answered without it.", PATIENCE) from None


def unreachable_page(script: Script, now: LocalTime, *, toast: str = "") -> str:
    """Whom to call, from the pack in memory, while nothing can be saved. It has no button, since none would be kept."""
    notice = toast or script.wording.say("gate.unreachable.title")
    gate = Gate(AccountState.UNREACHABLE, Overlay(Kind.CONTACTS))
    card = replace(gate_card(gate, 0, script=script, now=now, notice=notice), rows=())
    return page(script.wording, element("main", card_words(card), id="card"))
