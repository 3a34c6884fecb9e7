"""The pages as they run: on a store that lasts, alone and beside Telegram, and while there is no store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.channels.web.guard.site import Site
from bot.crypto.keys import load_key_file
from bot.runtime.errors import SettingsFault
from bot.runtime.settings import Settings
from bot.web_wiring import WebEnvironment, WebPages, serve_until
from bot.wiring import Environment, run_until
from tests.bot.web.conftest import REFERENCE
from tests.fakes.telegram import FakeTelegram
from tests.support.people.admitting import access, admit
from tests.support.telegram.home import SAM, Home
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.chromium import free_port
from tests.support.web.serving import KIM, Badges

SECONDS = 20.0


@pytest.fixture
def port() -> int:
    """A port of this machine."""
    return free_port()


def settings_of(home: Home, port: int) -> Settings:
    """The settings of a bot whose pages are on this port."""
    return home.settings.model_copy(update={"web_bind": f"127.0.0.1:{port}"})


async def admit_kim(home: Home, around: Surroundings) -> None:
    """Let Kim in, who has a browser."""
    store = await home.opened()
    await admit(store, [KIM], access(load_key_file(home.key_file), at=around.now()))
    await store.close()


async def opened(port: int) -> Browser:
    """Kim's browser, once there is something to see beside whom to call."""
    browser = Browser(port, badge="kim")
    browser.origin_is(Site(f"http://127.0.0.1:{port}", "", port).address)
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                await browser.open()
            except ConnectionError:
                await asyncio.sleep(0.05)
                continue
            if browser.answer.status == 200:
                return browser
            await asyncio.sleep(0.05)


@asynccontextmanager
async def served(home: Home, around: Surroundings, port: int) -> AsyncIterator[Browser]:
    """Pages that run by themselves."""
    stopped = asyncio.Event()
    environment = WebEnvironment(around, around.reference, around.fresh_code, identity=Badges())
    running = asyncio.create_task(serve_until(stopped, settings_of(home, port), environment=environment))
    browser = await opened(port)
    try:
        yield browser
    finally:
        await browser.close()
        stopped.set()
        await running


async def test_a_seraf_outlives_a_restart(tmp_path: Path, around: Surroundings, port: int) -> None:
    """What a page said was saved is there again, also for the page that was open all the time."""
    async with FakeTelegram(clock=around.now) as server:
        home = Home(tmp_path, server, frozenset())
        await admit_kim(home, around)
        async with served(home, around, port) as kim:
            await kim.press("Start")
            await kim.press("School")
            page = kim.page
        async with served(home, around, port) as kim:
            assert kim.page.sight == page.sight
            kim.page = page

            await kim.press("No")

            assert REFERENCE in kim.answer.text
            assert kim.page.sight != page.sight


async def test_both_channels_run_on_one_store(tmp_path: Path, around: Surroundings, port: int) -> None:
    """Each person is shown their own case in their own channel, and the door between them is one."""
    async with FakeTelegram(clock=around.now) as server:
        home = Home(tmp_path, server, frozenset({SAM}))
        await home.admit(around.now())
        await admit_kim(home, around)
        settings, stopped = settings_of(home, port), asyncio.Event()
        pages = WebPages(settings, WebEnvironment(around, around.reference, around.fresh_code, identity=Badges()))
        outside = Environment(around, around.reference, 0.01, around.fresh_code, beside=pages)
        running = asyncio.create_task(run_until(stopped, settings, environment=outside))
        kim, sam = await opened(port), server.person(SAM)
        await sam.send("/start")
        await sam.until(lambda: "SERAF consultation" in sam.transcript)

        await sam.click("Start")
        await kim.press("Start")
        await kim.press("School")

        assert kim.page.heading.startswith("Is the child in danger")
        await sam.until(lambda: "What is your role" in sam.card.text)
        await kim.close()
        stopped.set()
        await running
        assert server.violations == []


def test_cases_without_a_way_to_sign_in_do_not_start(tmp_path: Path, around: Surroundings) -> None:
    """Nobody could be told apart."""
    settings = Settings.model_validate({"web": "cases", "store": tmp_path / "seraf.sqlite"})

    with pytest.raises(SettingsFault, match="SERAF_WEB: cases need a way to sign in"):
        WebPages(settings, WebEnvironment(around, around.reference))
