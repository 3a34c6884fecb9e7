"""A real Chromium, driven by Playwright: with and without a script, on a phone and at a desk, in light and dark."""

import importlib.util
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.channels.web.guard.site import Site
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

    port = free_port()
    serving.site = Site(f"http://127.0.0.1:{port}", "127.0.0.1", port)
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


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])
