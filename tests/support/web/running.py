"""Running pages: on a lasting store, in this process or as `seraf-bot web` in its own, and two copies over one store."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path

from bot.access.account import Terms
from bot.channels.web.visitor import Identity
from bot.conversation.records import session_of
from bot.crypto.keys import load_key_file
from bot.crypto.sealing import KeyRing
from bot.runtime.clock import SystemClock
from bot.runtime.person_id import PersonId
from bot.runtime.settings import Settings
from bot.runtime.web_settings import Serves
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.values import Record, SignIn
from bot.wiring import Environment, run_until
from dialogs.core.script import Script
from dialogs.core.session import Session
from tests.fakes.telegram import FakeTelegram
from tests.support.people.admitting import access, admit
from tests.support.places import ROOT
from tests.support.shipped import CARRY, WEB_SCRIPT
from tests.support.telegram.bots import WEB, Process, process, python_process
from tests.support.telegram.home import Home
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.serving import BADGE, KIM, PATIENT, Badges, Serving, made
from tests.support.web.wire import Answer, Wire

SECONDS = 20.0
UNUSED = 9
"""A port at which nothing listens."""

ISSUER = "https://login.example.org"
"""The address of an organisation's sign-in. It is never contacted, since people here have signed in before."""

CLIENT = "seraf"
KIM_SIGNED_IN = str(PersonId.on_web(ISSUER, "kim"))
"""The id under which the store knows Kim, who has signed in there."""

SECRET, SIGNED_IN = "kim-signed-in-before", "__Host-s"
"""The value and the name of Kim's cookie."""

UNREACHED = (ConnectionError, asyncio.IncompleteReadError)
"""The errors of a client whose connection is cut or whose server is gone."""


def home_of_pages(folder: Path) -> Home:
    """Return the home of a bot that has only web pages, with nobody admitted."""
    return Home(folder, FakeTelegram(port=UNUSED), frozenset())


def settings_of(home: Home, port: int, **more: object) -> Settings:
    """Return the settings of a bot whose web pages use this port."""
    return home.settings.model_copy(update={"web_bind": f"127.0.0.1:{port}", **more})


def settings_of_cases(home: Home, port: int) -> Settings:
    """Return the settings of a bot whose web pages use this port and serve real cases, as in `web_process`."""
    return settings_of(home, port, web=Serves.CASES, oidc_issuer=ISSUER, oidc_client=CLIENT)


async def admit_on_web(home: Home, around: Surroundings, people: Sequence[str] = (KIM,)) -> None:
    """Admit people who use a browser."""
    store = await home.opened()
    await admit(store, people, access(load_key_file(home.key_file), at=around.now()))
    await store.close()


async def is_reached(browser: Browser, asking: Awaitable[object]) -> bool:
    """Return True if a request gets a response. If the connection fails, close it and return False."""
    try:
        await asking
    except UNREACHED:
        await browser.close()
        return False
    return True


async def opened(port: int, badge: str = "kim", *, cookie: str = BADGE, there: str = "") -> Browser:
    """Return a browser at this address once the pages are served, not only the emergency page."""
    browser = Browser(port, badge, cookie=cookie)
    browser.origin_is(there or f"http://127.0.0.1:{port}")
    async with asyncio.timeout(SECONDS):
        while not (await is_reached(browser, browser.open()) and browser.answer.status == 200):
            await asyncio.sleep(0.05)
    return browser


@asynccontextmanager
async def running_pages(
    settings: Settings, around: Surroundings, identity: Identity | None = None
) -> AsyncIterator[None]:
    """Run the web pages in this process within the context. `identity` identifies visitors."""
    stopped = asyncio.Event()
    environment = Environment(around, around.reference, fresh_code=around.fresh_code, identity=identity)
    serving = run_until(stopped, settings, environment=environment, telegram=False, web=True)
    running = asyncio.create_task(serving)
    try:
        yield
    finally:
        stopped.set()
        await running


@asynccontextmanager
async def served(home: Home, around: Surroundings, port: int) -> AsyncIterator[Browser]:
    """Run the web pages in this process within the context, and yield Kim's browser, which is identified by a badge."""
    async with running_pages(settings_of(home, port), around, Badges()):
        browser = await opened(port)
        try:
            yield browser
        finally:
            await browser.close()


def web_process(
    home: Home, port: int, *, watching: Sequence[str] = (), **more: str
) -> AbstractAsyncContextManager[Process]:
    """Run `seraf-bot web` for real cases in a process of its own. For a failing disk, it is a newly started Python."""
    result = {"SERAF_WEB": "cases", "SERAF_OIDC_ISSUER": ISSUER, "SERAF_OIDC_CLIENT": CLIENT}
    result["SERAF_WEB_BIND"] = f"127.0.0.1:{port}"
    if "LD_PRELOAD" in more:
        return python_process(home, program=WEB, folder=ROOT, **result, **more)
    return process(home, watching=watching, words=("web",), folder=ROOT, **result, **more)


async def have_signed_in(home: Home) -> None:
    """Admit Kim, and store that she has signed in for twelve hours."""
    now, store = SystemClock().now(), await home.opened()
    await admit(store, [KIM_SIGNED_IN], access(load_key_file(home.key_file), at=now))
    await store.write(lambda t: t.sign_ins.keep(SignIn(SECRET, KIM_SIGNED_IN, now + timedelta(hours=12))))
    await store.close()


async def record_kept(home: Home, person: str = KIM_SIGNED_IN) -> Record:
    """Return the stored record of a person, who must exist."""
    store = await home.opened()
    found = await store.recall(person)
    await store.close()
    assert found is not None, "they were let in"
    return found[0]


async def session_kept(home: Home) -> Session:
    """Return Kim's stored session."""
    return session_of(await record_kept(home))


class BalancedWire(Wire):
    """A line through a load balancer, which sends nearly every request to the other copy than the one before."""

    def __init__(self, *ports: int) -> None:
        super().__init__(ports[0])
        self._wires = [Wire(port) for port in ports]
        # One copy twice in a row now and then, or all forms would go to one copy and all pages come from the other.
        self._order = cycle([*self._wires * 3, self._wires[0]])

    async def send(self, method: str, path: str, *, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        wire = next(self._order)
        wire.host = self.host
        return await wire.send(method, path, headers=headers, body=body)

    async def close(self) -> None:
        for wire in self._wires:
            await wire.close()


def balanced(*copies: Serving, badge: str = "sam") -> Browser:
    """Return somebody's browser in front of these copies."""
    browser = Browser(copies[0].port, badge)
    browser.wire = BalancedWire(*[each.port for each in copies])
    return browser


@asynccontextmanager
async def two_copies(
    folder: Path, around: Surroundings, *, script: Script = WEB_SCRIPT, terms: Terms = PATIENT
) -> AsyncIterator[tuple[Serving, Serving]]:
    """Run two servers of pages, each with a store of its own on one database and nothing else in common."""
    path, keys = folder / "store" / "seraf.sqlite", replace(KeyRing.fresh(), carry=CARRY)
    async with AsyncExitStack() as stack:
        first, second = [
            await stack.enter_async_context(
                made(around, script=script, terms=terms, keys=keys, store=await open_sqlite(path, keys)).listening()
            )
            for _ in range(2)
        ]
        yield first, second
