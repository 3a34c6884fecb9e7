"""A real Chromium, driven by Playwright: with and without a script, on a phone and at a desk, in light and dark."""

import asyncio
import importlib.util
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.channels.web.guard.site import Site
from tests.support.walks.core import Scene
from tests.support.walks.model import Press, Sight, Type
from tests.support.web.seeing import seen
from tests.support.web.serving import BADGE, Serving

if TYPE_CHECKING:
    from playwright.async_api import Page

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
"""Whether there is a Chromium here, and what drives it."""

TRIES, BETWEEN = 200, 0.05
"""How often a page is looked at before it counts as astray, and the seconds between two looks."""

WHY_NOT = "there is no Chromium here, or no Playwright: nothing was tried in a real browser"


@dataclass(frozen=True, slots=True)
class Screen:
    """How somebody looks: the width and height of the window, whether scripts run, and light or dark."""

    width: int = 390
    height: int = 844
    has_script: bool = True
    scheme: Literal["light", "dark"] = "light"
    keeps_pages: bool = False
    """Whether the browser keeps pages that were left, to show them again at once."""


@asynccontextmanager
async def looking(serving: Serving, screen: Screen, badge: str = "sam") -> AsyncIterator["Page"]:
    """A page of a browser that wears a badge; the house listens where the browser really goes."""
    from playwright.async_api import async_playwright

    serving.site = free_site()
    ignored = ["--disable-back-forward-cache"] if screen.keeps_pages else []
    async with serving.listening(), async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=PROGRAM, args=list(FLAGS), ignore_default_args=ignored or None
        )
        context = await browser.new_context(
            viewport={"width": screen.width, "height": screen.height},
            java_script_enabled=screen.has_script,
            color_scheme=screen.scheme,
        )
        await context.add_cookies([{"name": BADGE, "value": badge, "url": serving.site.address}])
        page = await context.new_page()
        await page.goto(serving.site.address)
        try:
            yield page
        finally:
            await browser.close()


async def shown(page: "Page", wanted: Sight) -> Sight:
    """What a page shows, as soon as that is what is wanted; else what it shows after a while."""
    sight: Sight = ()
    for _ in range(TRIES):
        sight = seen(await page.content()).sight
        if sight == wanted:
            break
        await asyncio.sleep(BETWEEN)
    return sight


async def play(page: "Page", scene: Scene) -> Sight:
    """Do an act as a person does, and return all that the page shows."""
    match scene.act:
        case Press(label):
            assert scene.before is not None, "there is a card"
            code = next(each.code for each in scene.before.buttons if each.label == label)
            await page.locator(f'main button[value="{scene.before.token}:{code}"]').click()
        case Type(line) if line.startswith("/"):
            name, _, words = line[1:].partition(" ")
            await page.locator("summary").click()
            if words:
                await page.locator("#menu-words").fill(words)
            place = page.locator(f'footer form button[value="{name}"]')
            await (place.last if words else place.first).click()
        case _:
            raise AssertionError(f"not for a real browser: {scene.act}")
    return await shown(page, scene.sight)


async def faults_of_access(page: "Page") -> list[str]:
    """What axe finds wrong with what a page shows, by the rules of WCAG 2.2 AA and of good practice."""
    await page.evaluate(_axe())
    found = await page.evaluate("axe.run()")
    return [f"{each['id']}: {node['html'][:200]}" for each in found["violations"] for node in each["nodes"]]


@cache
def _axe() -> str:
    """The rules, as the package of axe brings them."""
    package = importlib.util.find_spec("axe_playwright_python")
    assert package is not None, "axe-playwright-python is of the dev extra"
    assert package.origin is not None, "it is a package of files"
    return (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def free_site() -> Site:
    """An address where a browser of this machine really goes, at a port that is free."""
    port = free_port()
    return Site(f"http://127.0.0.1:{port}", "127.0.0.1", port)
