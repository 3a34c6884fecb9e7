"""A real Chromium, controlled by Playwright: with and without JavaScript, on phone and desk screens, light and dark."""

import asyncio
import importlib.util
import shutil
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.channels.web.site import Site
from dialogs.core.script import Script
from tests.support.walks.core import Scene
from tests.support.walks.model import ItIsNow, Press, Type
from tests.support.web.expecting import faults_after
from tests.support.web.seeing import seen
from tests.support.web.serving import BADGE, Serving
from tests.support.web.walker import given_by

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


async def shown(page: "Page", scene: Scene, script: Script) -> list[str]:
    """Wait until a page shows the card and the toast of a scene. Return what it shows otherwise when the wait times out."""
    from playwright.async_api import Error

    faults = ["nothing was shown"]
    for _ in range(TRIES):
        with suppress(Error, StopIteration):  # while the next page is being loaded, there is no content
            faults = faults_after(seen(await page.content()), scene, script)
        if not faults:
            break
        await asyncio.sleep(BETWEEN)
    return faults


async def play(page: "Page", scenes: Sequence[Scene]) -> None:
    """Perform the act of a scene, or of several that are one form of ticks.

    An act for which the page has no button is sent by a button whose value is changed.
    """
    scene = scenes[0]
    if any(isinstance(step, ItIsNow) for step in scene.steps):  # a page that is hours old would be refused
        await page.goto("/")
    match scene.act:
        case Press() if len(scenes) > 1:
            ticked, rest = given_by(scenes)
            boxes = page.locator("main input[type=checkbox]")
            for at, is_ticked in enumerate(ticked):
                await boxes.nth(at).set_checked(is_ticked)
            await page.locator(f'input[name=rest][value="{rest}"]').check()
            await page.locator("main form:has(input[type=checkbox]) button.main").click()
        case Press() if scene.code:
            assert scene.before is not None, "there is a card"
            await act(page, f"{scene.before.token}:{scene.code}")
        case Press():
            await page.goto("/")
        case Type(line) if line.startswith("/"):
            name, _, words = line[1:].partition(" ")
            place = "footer form:has(input[name=words])" if words else "footer form"
            if words:
                await reveal(page.locator(f"{place} input[name=words]").last)
                await page.locator(f"{place} input[name=words]").last.fill(words)
            await _sent(page.locator(place).last if words else page.locator(place).first, "command", name)
        case Type(line) if await page.locator("[name=typed]").count():
            await reveal(page.locator("[name=typed]"))
            await page.locator("[name=typed]").fill(line)
            await page.locator("form:has([name=typed]) button").first.click()
        case Type(line):
            await page.locator("#words-ask").fill(line)
            await page.locator("form:has(#words-ask) button").click()
        case _:
            raise AssertionError(f"not for a real browser: {scene.act}")


async def act(page: "Page", press: str) -> None:
    """Press what sends this, wherever it stands: a button, or a choice with the button that sends it."""
    choice = page.locator(f'input[name=press][value="{press}"]')
    if await choice.count():
        await choice.check()
        await page.locator("form", has=choice).locator("button").first.click()
        return
    button = page.locator(f'button[name=press][value="{press}"]')
    if await button.count():
        await reveal(button.first)
        await button.first.click()
    else:
        await _sent(page.locator("form").last, "press", press)


async def reveal(inner: "Locator") -> None:
    """Open what is closed around this, from the outside, as a person would."""
    closed = inner.locator("xpath=ancestor::details[not(@open)]")
    while await closed.count():
        await closed.first.locator("> summary").click()


async def pressed(page: "Page", label: str) -> None:
    """Press a button, or choose an answer and send it, and wait until the card has been replaced."""
    before = await page.locator("#card").get_attribute("data-shown")
    choice = page.get_by_role("radio", name=label, exact=True)
    if await choice.count():
        await choice.check()
        await page.locator("form", has=choice).locator("button.main").click()
    else:
        button = page.get_by_role("button", name=label, exact=True)
        await reveal(button.first)
        await button.first.click()
    await page.locator(f'#card:not([data-shown="{before}"])').wait_for()


async def give_pin(page: "Page", pin: str) -> None:
    """Type a PIN and send it, or tap its digits if the page has a keypad."""
    field = page.locator("#pin")
    if await field.count():
        await field.fill(pin)
        await page.locator("form", has=field).get_by_role("button").first.click()
        return
    for digit in pin:
        await pressed(page, digit)


async def _sent(form: "Locator", name: str, value: str) -> None:
    """Submit a form with its button of this name and value, or with its first button, changed to have them."""
    button = form.locator(f'button[name="{name}"][value="{value}"]').first
    if not await button.count():
        button = form.locator("button").first
        await button.evaluate("(each, [name, value]) => Object.assign(each, {name, value})", [name, value])
    await reveal(button)
    await button.click()


async def fits(page: "Page") -> bool:
    """Return True if nothing on the page is wider than the window."""
    return bool(await page.evaluate("document.body.scrollWidth <= window.innerWidth"))


SPACED = """() => {
    const sheet = new CSSStyleSheet(), main = "*{line-height:1.5!important;letter-spacing:.12em!important;";
    sheet.replaceSync(main + "word-spacing:.16em!important}p{margin-bottom:2em!important}");
    document.adoptedStyleSheets = [sheet];
    const isCut = each => each.clientWidth > 1 && getComputedStyle(each).display != "inline" &&
        (each.scrollWidth > each.clientWidth + 1 ||
            (getComputedStyle(each).overflowY == "hidden" && each.scrollHeight > each.clientHeight + 1));
    const cut = [...document.querySelectorAll("body, body *")].filter(isCut);
    document.adoptedStyleSheets = [];
    return cut.map(each => `${each.localName}.${each.className}: ${each.textContent.trim().slice(0, 40)}`);
}"""


async def cut_when_spaced(page: "Page") -> list[str]:
    """Return what is cut off, or wider than its place, when text is spaced as WCAG 1.4.12 has it."""
    return list(await page.evaluate(SPACED))


def free_port() -> int:
    """Return a port on this machine that is free now."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def free_site() -> Site:
    """Return a local address with a free port, which a browser on this machine can open."""
    port = free_port()
    return Site(f"http://127.0.0.1:{port}", "127.0.0.1", port)
