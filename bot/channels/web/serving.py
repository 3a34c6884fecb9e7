"""Runs the web channel. It always listens, and serves people while the store is open."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any, cast

from aiohttp import web

from bot.assemble import terms_of
from bot.channels.delivery import Mark
from bot.channels.due_work import LOOK_EVERY
from bot.channels.running import GRACE, Opened, run_channel, while_leading
from bot.channels.unsaved_answers import UnsavedAnswers
from bot.channels.web import FACTS
from bot.channels.web.entrance import client_of, entrance
from bot.channels.web.guard import MOST_BYTES, Followers, Gatekeeper, OpenConnections, TimedConnection
from bot.channels.web.inbox import PageChannel, PageInbox
from bot.channels.web.page import CONSOLE, Bar, bar_of
from bot.channels.web.pages import Pages
from bot.channels.web.rooms.guests import HOME as ROOM_HOME
from bot.channels.web.rooms.guests import GuestInbox, GuestPages
from bot.channels.web.rooms.screen_pages import ScreenPages
from bot.channels.web.rooms.trainers import MayLead, TrainerPages
from bot.channels.web.site import Site, site_of
from bot.channels.web.static_files import STATIC, StaticFile
from bot.channels.web.visitor import IS_PLAIN, Identity
from bot.conversation.conversation import Conversation
from bot.conversation.talk import Talk
from bot.crypto.at_random import make_code, make_reference
from bot.crypto.sealing import KeyRing
from bot.operations.watching import Watch
from bot.runtime.background_tasks import BackgroundTasks
from bot.runtime.clock import Clock, local_time
from bot.runtime.errors import SettingsFault, StoreFault
from bot.runtime.logs import log
from bot.runtime.settings import Settings
from bot.runtime.web_settings import Serves
from bot.storage.sqlite.memory import in_memory
from bot.storage.store import Store
from bot.watch.meter import meter
from dialogs.core.codec import forget_all
from dialogs.core.script import Script, Wording


async def _serve(request: web.Request, *, file: StaticFile) -> web.StreamResponse:
    """Return a stylesheet or a script. They hold no secret, so they may be compressed and stored, unlike pages."""
    is_named = request.query_string == file.mark
    headers = {"Cache-Control": "public, max-age=31536000, immutable" if is_named else "no-cache"}
    response = web.Response(body=file.body, content_type=file.kind, charset="utf-8", headers=headers)
    response.enable_compression()
    return response


async def _serve_no_icon(_: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


@asynccontextmanager
async def listening(
    gatekeeper: Gatekeeper, routes: Iterable[web.RouteDef], *, grace: float = GRACE
) -> AsyncIterator[int]:
    """Listen while the block runs, and yield the port. Raise `SettingsFault` if the address cannot be bound."""
    app = web.Application(client_max_size=MOST_BYTES)
    app[IS_PLAIN] = gatekeeper.site.is_plain
    app.on_response_prepare.append(gatekeeper.forbid)
    files = [web.get(f"/{name}", partial(_serve, file=file)) for name, file in STATIC.items()]
    app.add_routes([*files, web.get("/favicon.ico", _serve_no_icon), *routes])
    runner = web.AppRunner(app, shutdown_timeout=grace)
    await runner.setup()
    assert runner.server is not None, "the runner is set up"
    # Not a middleware: the server answers an unknown `Expect` before it asks any.
    runner.server.request_handler = cast(Any, gatekeeper.around(cast(Any, runner.server.request_handler)))
    site = gatekeeper.site
    connection = partial(TimedConnection, runner.server, among=OpenConnections(), failed=gatekeeper.failed)
    try:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(connection, site.host, site.port, ssl=site.tls)
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


class WebPages:
    """The pages of one program, alone or next to Telegram. While the store is not open, they say whom to call."""

    def __init__(self, settings: Settings, bare: Talk, *, identity: Identity | None = None) -> None:
        """Raise `SettingsFault` if the address is not safe, or a sign-in setting is missing. Tests set `identity`."""
        self.bare, self._settings, self._identity = bare, settings, identity
        self._watch, self._site = Followers(), site_of(settings)
        if settings.web is Serves.CASES and identity is None:
            client_of(settings, self._site)
        self._inbox: PageInbox | None = None
        self._rooms: GuestInbox | None = None
        self._stopped: asyncio.Event

    @property
    def address(self) -> str:
        """The public address of the pages."""
        return self._site.address

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen while the block runs."""
        terms, words = terms_of(self._settings), self.bare.script.wording
        async with entrance(self._settings, self._site, self.bare, terms=terms, inbox=lambda: self._inbox) as way:
            identity = self._identity or way.identity
            pages = Pages(self.bare, identity, way.front, lambda: self._inbox, way.extra)
            rooms = room_routes(
                self._site, guest_words(words), inbox=lambda: self._rooms, bar=self._bar, may_lead=pages.may_lead
            )
            routes = (*pages.routes(), *way.routes, *rooms)
            gatekeeper = Gatekeeper(self._site, words, way.open_to_others, self._is_ready, self._bar)
            async with listening(gatekeeper, routes) as port:
                log.info("pages are open", count=port)
                yield

    def _bar(self) -> Bar:
        return bar_of(self.bare.script, local_time(self.bare.clock.now()))

    def _is_ready(self) -> bool:
        return self._inbox is not None and meter().is_keeping

    @asynccontextmanager
    async def serving(self, opened: Opened) -> AsyncIterator[None]:
        """Serve people from an open store while the block runs."""
        conversation, store, mark = self._spoken(opened.conversation), opened.store, opened.mark
        self._inbox = inbox = PageInbox(conversation, store, mark=mark, watch=self._watch, turns=opened.turns)
        self._rooms = rooms = room_inbox(conversation, store, mark=mark, address=self.address)
        tasks = BackgroundTasks()
        tasks.run(_keep_up(conversation, store))
        try:
            yield
        finally:
            self._inbox = self._rooms = None
            await asyncio.gather(tasks.settle(0), inbox.settle(GRACE), rooms.settle(GRACE))

    @asynccontextmanager
    async def open(self, _: Watch, stopped: asyncio.Event) -> AsyncIterator[None]:
        self._stopped = stopped
        yield

    async def without_store(self, until: Collection[asyncio.Task[Any]]) -> None:
        await asyncio.wait(until, return_when=asyncio.FIRST_COMPLETED)

    async def with_store(self, opened: Opened) -> None:
        conversation = self._spoken(opened.conversation)
        channel = PageChannel(self._watch, conversation.clock.now)
        log.info("ready")
        run = partial(
            run_channel,
            opened._replace(conversation=conversation),
            listener=channel,
            sender=channel,
            unsaved=UnsavedAnswers(conversation, channel),
            audit_months=self._settings.audit_months,
            stopped=self._stopped,
        )
        await while_leading(opened.store, run, stopped=self._stopped)

    async def settle(self) -> None:
        pass

    def _spoken(self, conversation: Conversation) -> Conversation:
        """Return the conversation with texts for a browser and links to the pages. Everything else is unchanged."""
        own = self.bare.script
        script = replace(conversation.bare_script, wording=own.wording, channel=own.channel)
        return replace(conversation, bare_script=script).linked(f"{self.address}/room/", pages=self.address)


async def _keep_up(conversation: Conversation, store: Store) -> None:
    """Forget decoded cases, and read the checks of contacts that another program wrote. This never returns.

    `DueWork` does the same where it runs, but of several copies of the program only one does due work.
    """
    seen: object = None
    while True:
        forget_all()
        with suppress(StoreFault):
            if (changes := await store.changes()) != seen:
                await conversation.checked.refresh(store)
                seen = changes
        await asyncio.sleep(LOOK_EVERY)


@asynccontextmanager
async def rooms_alone(site: Site, script: Script, *, clock: Clock, case: str = "") -> AsyncIterator[str]:
    """Serve rooms alone, from a store in memory, while the block runs. Yield the link that opens a trainer's console once.

    With a `case`, its room opens with the console. There is no account, key file or real case, and nothing is written to a disk.
    """
    keys = KeyRing.fresh()
    store, own = in_memory(keys), replace(script, link=f"{site.address}/room/", pages=site.address)
    mark = partial(keys.lasting, "card")
    inbox = GuestInbox(store.passes, lambda: own, mark, clock, make_reference, make_code)
    routes = room_routes(site, own.wording, inbox=lambda: inbox, bar=lambda: bar_of(own, local_time(clock.now())))
    gatekeeper = Gatekeeper(site, own.wording, is_ready=lambda: True)
    token = make_code()
    await inbox.link(token, case=case)
    try:
        async with listening(gatekeeper, (web.get("/", _to_rooms), *routes)):
            yield f"{site.address}{CONSOLE}/{token}"
    finally:
        await inbox.settle(GRACE)
        await store.close()


async def _to_rooms(_: web.Request) -> web.StreamResponse:
    raise web.HTTPSeeOther(ROOM_HOME)


def room_routes(
    site: Site,
    words: Wording,
    *,
    inbox: Callable[[], GuestInbox | None],
    bar: Callable[[], Bar],
    may_lead: MayLead | None = None,
) -> list[web.RouteDef]:
    """Return the routes of guests, screens and consoles, which know no account. `words` are those for guests."""
    guests, screens = GuestPages(site, words, inbox, bar), ScreenPages(site, words, inbox)
    return [*guests.routes(), *screens.routes(), *TrainerPages(site, words, inbox, bar, may_lead).routes()]


def guest_words(words: Wording) -> Wording:
    """Return the texts for guests, which are a variant of those for a browser."""
    return words.on(FACTS.name).on("guest")


def room_inbox(conversation: Conversation, store: Store, *, mark: Mark, address: str) -> GuestInbox:
    """Return the inbox of guests and screens. Of the store, it can reach only the passes."""
    words, facts, link = guest_words(conversation.script.wording), replace(FACTS, sends_files=False), f"{address}/room/"

    def script() -> Script:  # without notes, files and codes of real cases
        now = conversation.script
        return replace(now, wording=words, channel=facts, codes=None, notes=None, link=link, pages=address)

    clock, references, fresh_code = conversation.clock, conversation.references, conversation.fresh_code
    return GuestInbox(store.passes, script, mark, clock, references, fresh_code)
