"""A real Chromium, controlled by Playwright: with and without JavaScript, on phone and desk screens, light and dark."""

import asyncio
import importlib.util
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.channels.web.site import Site
from tests.support.walks.core import Scene
from tests.support.walks.model import ItIsNow, Press, Sight, Type
from tests.support.web.seeing import seen
from tests.support.web.serving import BADGE, Serving

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Locator, Page

PROGRAM = shutil.which("chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

IS_THERE = PROGRAM is not None and importlib.util.find_spec("playwright") is not None
"""True if Chromium and Playwright are installed here."""

TRIES, BETWEEN = 200, 0.05
"""How often a page is checked before it counts as wrong, and the seconds between two checks."""

WHY_NOT = "there is no Chromium here, or no Playwright: nothing was tried in a real browser"


@dataclass(frozen=True, slots=True)
class Screen:
    """A kind of screen: its width and height (px), whether JavaScript is enabled, and its colour scheme."""

    width: int = 390
    height: int = 844
    has_script: bool = True
    scheme: Literal["light", "dark"] = "light"


PHONE = Screen()
DESK = Screen(1280, 800)


@asynccontextmanager
async def started(*flags: str, keeps_pages: bool = False) -> AsyncIterator["Browser"]:
    """Start Chromium. With `keeps_pages`, it caches pages for the back button, as users' browsers do."""
    from playwright.async_api import async_playwright

    ignored = ["--disable-back-forward-cache"] if keeps_pages else None
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=PROGRAM, args=[*FLAGS, *flags], ignore_default_args=ignored
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def window(chromium: "Browser", screen: Screen, origin: str) -> AsyncIterator["BrowserContext"]:
    """Open a window with cookies of its own, for the pages of an origin."""
    context = await chromium.new_context(
        viewport={"width": screen.width, "height": screen.height},
        java_script_enabled=screen.has_script,
        color_scheme=screen.scheme,
        base_url=origin,
    )
    yield context
    await context.close()


@asynccontextmanager
async def looking(chromium: "Browser", serving: Serving, screen: Screen, badge: str = "sam") -> AsyncIterator["Page"]:
    """Start the server, and open the page of the person with this badge. The server uses a real local address."""
    serving.site = free_site()
    async with serving.listening(), window(chromium, screen, serving.site.address) as context:
        await context.add_cookies([{"name": BADGE, "value": badge, "url": serving.site.address}])
        page = await context.new_page()
        await page.goto("/")
        yield page


def complaints(context: "BrowserContext") -> list[str]:
    """Return a list that collects the errors of a window's pages from now on."""
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: said.append(str(error.error)))
    return said


async def shown(page: "Page", wanted: Sight) -> Sight:
    """Wait until a page shows this, and return what it shows, which is something else if the wait times out."""
    from playwright.async_api import Error

    sight: Sight = ()
    for _ in range(TRIES):
        with suppress(Error):  # while the next page is being loaded, there is no content
            sight = seen(await page.content()).sight
        if sight == wanted:
            break
        await asyncio.sleep(BETWEEN)
    return sight


async def play(page: "Page", scene: Scene) -> Sight:
    """Perform the act of a scene, and return what the page shows after it.

    An act for which the page has no button is sent by a button of the menu whose value is changed.
    """
    if any(isinstance(step, ItIsNow) for step in scene.steps):  # a page that is hours old would be refused
        await page.goto("/")
    match scene.act:
        case Press(label):
            assert scene.before is not None, "there is a card"
            code = next(each.code for each in scene.before.buttons if each.label == label)
            await page.locator(f'main button[value="{scene.before.token}:{code}"]').click()
        case Type(line) if line.startswith("/"):
            name, _, words = line[1:].partition(" ")
            await _opened(page)
            if words:
                await page.locator("#menu-words").fill(words)
            place = page.locator("footer form").last if words else page.locator("footer form").first
            await _sent(place, "command", name)
        case Type(line) if scene.before is not None and scene.before.takes_words:
            await page.locator("#note").fill(line)
            await page.locator("form", has=page.locator("#note")).locator("button").click()
        case Type(line):
            await _opened(page)
            await _sent(page.locator("footer form").first, "typed", line)
        case _:
            raise AssertionError(f"not for a real browser: {scene.act}")
    return await shown(page, scene.sight)


async def pressed(page: "Page", label: str) -> None:
    """Press a button, and wait until the card has been replaced."""
    before = await page.locator("main button[name=press]").first.get_attribute("value")
    await page.get_by_role("button", name=label, exact=True).click()
    await page.locator(f'main button[value="{before}"]').wait_for(state="detached")


async def _opened(page: "Page") -> None:
    """Open the menu of the page if it is closed."""
    if not await page.locator("footer details[open]").count():
        await page.locator("summary").click()


async def _sent(form: "Locator", name: str, value: str) -> None:
    """Submit a form with its button of this name and value, or with its first button, changed to have them."""
    button = form.locator(f'button[name="{name}"][value="{value}"]')
    if not await button.count():
        button = form.locator("button").first
        await button.evaluate("(each, [name, value]) => Object.assign(each, {name, value})", [name, value])
    await button.click()


async def fits(page: "Page") -> bool:
    """Return True if nothing on the page is wider than the window."""
    return bool(await page.evaluate("document.body.scrollWidth <= window.innerWidth"))


def free_port() -> int:
    """Return a port on this machine that is free now."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def free_site() -> Site:
    """Return a local address with a free port, which a browser on this machine can open."""
    port = free_port()
    return Site(f"http://127.0.0.1:{port}", "127.0.0.1", port)
