"""Axe's findings on pages in a real Chromium: the rules of WCAG 2.2 AA and good practice, and AAA for contrast."""

import importlib.util
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tests.support.counts import IS_FULL
from tests.support.web.chromium import Screen, window

if TYPE_CHECKING:
    from playwright.async_api import Page

ALSO = ", ".join(f"'{each}': {{enabled: true}}" for each in ("target-size", "color-contrast-enhanced"))
"""Rules of axe that it does not go by unless it is asked to."""

FAULTS = f"""axe.run({{resultTypes: ['violations'], rules: {{{ALSO}}}}}).then(({{violations}}) =>
    violations.flatMap(({{id, nodes}}) => nodes.map(({{html}}) => `${{id}}: ${{html.slice(0, 200)}}`)))"""
"""What is wrong. What is right, and why, stays in the page: it is a hundred times as long."""

LIGHTS: tuple[tuple[Literal["light", "dark"], Literal["screen", "print"]], ...] = (
    ("light", "screen"),
    ("dark", "screen"),
    ("dark", "print"),
)
"""How pages are looked at. What is printed is printed from a dark screen too."""

COPIES = "html => { document.body.innerHTML = html; }"
"""Puts what one page shows into another."""

SENT = re.compile(r'(?<= name="nonce" value=")[^"]*|(?<= name="press" value=")[^"]*|(?<= data-shown=")[^"]*')
"""What is another each time that a card is shown, and what nobody sees or hears: it goes back to the house."""


async def faults_of_access(page: "Page") -> list[str]:
    """Return axe's violations on a page."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_axe())
    found: list[str] = await page.evaluate(FAULTS)
    return found


async def faults_in_each_light(page: "Page", *, is_printed: bool = True) -> list[str]:
    """Return axe's violations in light, dark and print; in a bounded run, in light only."""
    found, lights = [], LIGHTS if is_printed else LIGHTS[:-1]
    for scheme, media in lights if IS_FULL else lights[:1]:
        await page.emulate_media(color_scheme=scheme, media=media)
        found += [f"{scheme}, {media}: {each}" for each in await faults_of_access(page)]
    await page.emulate_media(color_scheme="light", media="screen")
    return found


Found = dict[tuple[Screen, str], list[str]]
"""What axe found wrong with what stood on a screen."""


@dataclass(slots=True)
class Examiner:
    """Says what axe finds wrong with the cards of a page. It looks at each once: the same elements on the same screen.

    `found` is from before, whatever page it was, with a script or without; `looked` is how often axe had to look.
    """

    page: "Page"
    screen: Screen
    found: Found
    windows: AsyncExitStack
    looked: int = field(default=0, init=False)
    copy: "Page | None" = field(default=None, init=False)

    async def faults(self) -> list[str]:
        """Return the violations of the current page."""
        html = await self.page.evaluate("document.body.innerHTML")
        key = replace(self.screen, has_script=True), SENT.sub("", html).strip()
        if key not in self.found:
            self.looked += 1
            self.found[key] = await faults_of_access(self.page if self.screen.has_script else await self._copied(html))
        return self.found[key]

    async def _copied(self, html: str) -> "Page":
        """Return a copy of a page without scripts, in which only axe's script runs."""
        if self.copy is None:
            chromium, origin = self.page.context.browser, "/".join(self.page.url.split("/")[:3])
            assert chromium is not None, "it is of one browser for all"
            screen, whole = replace(self.screen, has_script=True), await self.page.content()
            context = await self.windows.enter_async_context(window(chromium, screen, origin))
            await context.route("**/*.js", lambda route: route.abort())
            await context.route(f"{origin}/", lambda route: route.fulfill(body=whole, content_type="text/html"))
            self.copy = await context.new_page()
            await self.copy.goto("/")
        await self.copy.evaluate(COPIES, html)
        return self.copy


@asynccontextmanager
async def examining(page: "Page", screen: Screen, found: Found) -> AsyncIterator[Examiner]:
    """Provide an examiner for a page, with the windows that it needs."""
    async with AsyncExitStack() as windows:
        yield Examiner(page, screen, found, windows)


@cache
def _axe() -> str:
    """Return axe's script from its package."""
    package = importlib.util.find_spec("axe_playwright_python")
    assert package is not None, "axe-playwright-python is of the dev extra"
    assert package.origin is not None, "it is a package of files"
    return (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")
