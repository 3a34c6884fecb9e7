"""The pages of a person: the card and its forms, a stream that tells of changes, and documents to download."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from aiohttp import web

from bot.channels.web.guard import A_PERSON, Buckets, form_of, html, missing_in
from bot.channels.web.inbox import Look, PageInbox, SaidOfAct, read_act
from bot.channels.web.markup import Markup
from bot.channels.web.page import Frame, bar_of, blank_page, card_page, given_back, stranger_page
from bot.channels.web.visitor import Handler, Identity, Visitor
from bot.conversation.talk import Talk
from bot.runtime.clock import local_time
from bot.runtime.errors import DocumentFault, StoreFault, StoreSlow
from bot.runtime.logs import FaultLog, log
from dialogs.core.script import Script
from dialogs.locked import AccountState, Gate, gate_card
from dialogs.notes.noting import LONGEST

HOME = "/"
EVERY = 2.0  # seconds between two checks of an open page's card, which time and other people change
PATIENCE = 1.2  # seconds after which people are told whom to call if the store is slow
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of people who are signed in. `inbox` returns None while there is no store. `extra` is shown below each card."""

    bare: Talk  # the conversation for use without a store, for its texts and clock
    identity: Identity
    front: Handler
    inbox: Callable[[], PageInbox | None]
    extra: tuple[Markup, ...] = ()
    people: Buckets = field(default_factory=lambda: Buckets(A_PERSON))
    faults: FaultLog = field(default_factory=lambda: FaultLog("page failed"))

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses of these pages, with their handlers."""
        return [
            web.get(HOME, self.show),
            web.post(HOME, self.act),
            web.post("/awake", self.stay),
            web.get("/events", self.follow),
            web.get("/document/{kind}", self.send),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Return the page with the person's current card."""
        try:
            return await _in_time(self._drawn(request))
        except StoreFault as fault:
            self.faults.note(fault)
            return self._unreachable()

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Store the act in a posted form as a turn, then redirect to the card. A form without an act changes nothing.

        What was typed or ticked, and does not count, comes back in the answer, with the fault at its field.
        """
        try:
            inbox, visitor = self.inbox(), await _in_time(self._visitor(request))
            if inbox is None:
                return self._unreachable("not-saved")
            response: web.StreamResponse = web.Response(status=303, headers={"Location": HOME})
            if visitor is not None:
                form = await form_of(request)
                said = await _in_time(self._taken(inbox, visitor, form))
                look = await _in_time(inbox.look(visitor)) if said.is_fault else None
                page = given_back(look.card, form, fault=said.text) if look and look.card else None
                if look and look.card and page:
                    look = replace(look, card=replace(look.card, page=page))
                    return html(self._page(self._frame(inbox, visitor), look))
                inbox.toasts.write(request, response, visitor.session, text=said.text)
        except StoreFault as fault:
            self.faults.note(fault)
            return self._unreachable("not-saved")
        return response

    async def stay(self, request: web.Request) -> web.StreamResponse:
        """Count the person as present, and return in how many seconds their page locks. Refuse that if it is not open."""
        try:
            inbox, visitor = self.inbox(), await _in_time(self._visitor(request))
            locks = await _in_time(inbox.stay(visitor)) if inbox is not None and visitor is not None else None
        except StoreFault as fault:
            self.faults.note(fault)
            return web.Response(status=503)
        if locks is None:
            return web.Response(status=403 if inbox is not None else 503)
        return web.Response(text=str(self._seconds_until(locks)))

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """Send the hash of what the page shows, at once and whenever it changes, until the page is closed."""
        # The header is for nginx, which would otherwise buffer the stream.
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        try:
            inbox, visitor = self.inbox(), await _in_time(self._visitor(request))
        except StoreFault as fault:
            self.faults.note(fault)
            raise web.HTTPServiceUnavailable from None
        if inbox is None:
            raise web.HTTPServiceUnavailable
        if visitor is None:
            raise web.HTTPNoContent  # tells a browser to end the stream and not to reconnect
        with suppress(ConnectionError):  # the page was left
            await response.prepare(request)
            last = None
            with inbox.watch.opened(visitor.person) as page:
                while self.inbox() is inbox and not inbox.watch.is_over(page):
                    shown = await self._shown(inbox, request, visitor)
                    if shown is None:
                        break
                    await response.write(f"data: {shown}\n\n".encode() if shown != last else b":\n\n")
                    last = shown
                    await inbox.watch.wait(page, EVERY)
            await response.write(b"data: over\n\n")
        return response

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Return a pending document as a download. If there is none, redirect to the card."""
        inbox, visitor = self.inbox(), await self._visitor(request)
        look = await inbox.look(visitor) if inbox is not None and visitor is not None else None
        kind = request.match_info["kind"]
        owed = [document for document in look.documents if document.kind == kind] if look else []
        if inbox is None or look is None or not owed:
            raise web.HTTPSeeOther(HOME)
        try:
            file = await asyncio.to_thread(inbox.conversation.document, look.record, owed[0])
        except DocumentFault as fault:
            log.error("not made", fault=type(fault).__name__)
            raise web.HTTPInternalServerError from None
        if file is None:
            raise web.HTTPSeeOther(HOME)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
        return web.Response(body=file.content, headers=headers, content_type="application/octet-stream")

    async def may_lead(self, request: web.Request, nonce: str) -> bool:
        """Return True if a form with this nonce is of a person who may open rooms, on a page that is not locked."""
        inbox, visitor = self.inbox(), await self._visitor(request)
        look = await inbox.look(visitor) if inbox is not None and visitor is not None else None
        if inbox is None or visitor is None or look is None or "room" not in look.offers.commands:
            return False
        return inbox.nonces.is_of(nonce, visitor, now=self.bare.clock.now())

    async def _drawn(self, request: web.Request) -> web.StreamResponse:
        inbox = self.inbox()
        visitor = await self._visitor(request)
        if inbox is None:
            return self._unreachable()
        if visitor is None:
            return await self.front(request)
        look = await inbox.look(visitor)
        toast = inbox.toasts.read(request, visitor.session)
        if look is not None and look.late:
            toast = f"{look.late} {toast}".strip()
            await inbox.forget_late(visitor)
        frame = self._frame(inbox, visitor, toast)
        now = local_time(self.bare.clock.now())
        if look is None:
            response = html(stranger_page(replace(frame, bar=bar_of(self._script, now)), now))
        else:
            response = html(self._page(frame, look))
        inbox.toasts.write(request, response, visitor.session)
        return response

    def _frame(self, inbox: PageInbox, visitor: Visitor, toast: str = "") -> Frame:
        script, now = self._script, self.bare.clock.now()
        nonce = inbox.nonces.fresh(visitor, now)
        lock = int(inbox.conversation.door.terms.lock.total_seconds())
        return Frame(script, HOME, nonce, toast=toast, lock=lock, extra=self.extra)

    def _page(self, frame: Frame, look: Look) -> str:
        """Return the page of a card, or a blank page."""
        files = tuple(
            (frame.script.wording.say_first(f"browser.document.{kind}", "browser.document.file"), f"/document/{kind}")
            for kind in [document.kind for document in look.documents]
        )
        due = look.record.due
        again = max(5, self._seconds_until(due) + 1) if due else None
        frame = replace(frame, shown=look.shown, offers=look.offers, documents=files, again=again, bar=look.bar)
        if look.card is None:
            return blank_page(frame)
        if look.locks is not None:
            frame = replace(frame, locks=self._seconds_until(look.locks))
        return card_page(look.card, frame)

    def _seconds_until(self, at: datetime) -> int:
        return int((at - self.bare.clock.now()).total_seconds())

    async def _visitor(self, request: web.Request) -> Visitor | None:
        """Return the visitor and count the request, or return None. Raise `HTTPTooManyRequests` if the visitor sent too many."""
        visitor = await self.identity.visitor(request)
        if visitor is not None:
            self.people.demand(visitor.person)
        return visitor

    async def _taken(self, inbox: PageInbox, visitor: Visitor, form: Mapping[str, str]) -> SaidOfAct:
        """Store the act of a form as a turn, and return the toast for the next page."""
        conversation, say = inbox.conversation, self._script.wording.say
        if not inbox.nonces.is_of(form.get("nonce", ""), visitor, now=self.bare.clock.now()):
            is_typed = "typed" in form
            return SaidOfAct(say("toast.note-moved" if is_typed else "browser.old"), is_fault=is_typed)
        heard = read_act(form, visitor, conversation.occasion(), takes_notes=self._script.notes is not None)
        if heard is not None:
            return await inbox.take(visitor, heard)
        if "typed" in form:
            return SaidOfAct(say("toast.note-long", length=len(form["typed"]), most=LONGEST), is_fault=True)
        missing = missing_in(form)
        return SaidOfAct(say(f"toast.{missing or 'no-button'}"), is_fault=bool(missing))

    async def _shown(self, inbox: PageInbox, request: web.Request, visitor: Visitor) -> str | None:
        """Return the hash of what the page shows, or None if the visitor may no longer see it or the store fails."""
        try:
            if await self.identity.visitor(request) != visitor:
                return None
            look = await inbox.look(visitor)
        except StoreFault:
            return None
        return look.shown if look else None

    @property
    def _script(self) -> Script:
        inbox = self.inbox()
        return (inbox.conversation if inbox else self.bare).script

    def _unreachable(self, toast: str = "") -> web.Response:
        """Return the page that says whom to call while nothing can be saved. It has no buttons, since they would not work."""
        script, now = self._script, local_time(self.bare.clock.now())
        notice = script.wording.say(f"toast.{toast}") if toast else ""
        card = gate_card(Gate(AccountState.UNREACHABLE), 0, script=script, now=now, notice=notice)
        return html(card_page(card, Frame(script, HOME, "", bar=bar_of(script, now))), status=503)


async def _in_time(answering: Awaitable[Answer]) -> Answer:
    """Wait for an answer that needs the store. Raise `StoreSlow` after `PATIENCE` seconds; a turn is stored nevertheless."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await answering
    except TimeoutError:
        raise StoreSlow("The store is slow: people are answered without it.", PATIENCE) from None
