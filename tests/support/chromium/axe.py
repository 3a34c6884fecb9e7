"""Accessibility violations that axe finds on web pages in Chromium: WCAG 2.2 AA, good practice, and AAA contrast."""

import importlib.util
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tests.support.chromium.windows import Screen, window
from tests.support.counts import IS_FULL

if TYPE_CHECKING:
    from playwright.async_api import Page

ALSO = ", ".join(f"'{each}': {{enabled: true}}" for each in ("target-size", "color-contrast-enhanced"))
"""Rules of axe that are off by default."""

FAULTS = f"""async () => {{
    const bars = [...document.querySelectorAll('.bar')].filter(each => getComputedStyle(each).position === 'sticky');
    bars.forEach(each => {{ each.style.position = 'fixed'; }});
    const {{violations}} = await axe.run({{resultTypes: ['violations'], rules: {{{ALSO}}}}});
    bars.forEach(each => {{ each.style.position = ''; }});
    return violations.flatMap(({{id, nodes}}) => nodes.map(({{html}}) => `${{id}}: ${{html.slice(0, 200)}}`));
}}"""
"""The script that returns the violations only. Everything else that axe reports is a hundred times as long.

What a fixed bar covers can be scrolled from under it, and axe knows that. Of a sticky one it does not.
"""

LIGHTS: tuple[tuple[Literal["light", "dark"], Literal["screen", "print"]], ...] = (
    ("light", "screen"),
    ("dark", "screen"),
    ("dark", "print"),
)
"""The colour schemes and media in which pages are checked. A page in a dark scheme is also checked as printed."""

COPIES = "html => { document.body.innerHTML = html; }"
"""A script that replaces the body of a page with other HTML."""

SENT = re.compile(r'(?<= name="nonce" value=")[^"]*|(?<= name="press" value=")[^"]*|(?<= data-shown=")[^"]*')
"""Matches attribute values that differ each time a card is shown. Nobody sees or hears them, so they are ignored."""


async def faults_of_access(page: "Page") -> list[str]:
    """Return the violations that axe finds on a page."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_axe())
    found: list[str] = await page.evaluate(FAULTS)
    return found


async def faults_in_each_light(page: "Page", *, is_printed: bool = True) -> list[str]:
    """Return the violations in light, dark and print. A bounded run only checks the light scheme."""
    found, lights = [], LIGHTS if is_printed else LIGHTS[:-1]
    for scheme, media in lights if IS_FULL else lights[:1]:
        await page.emulate_media(color_scheme=scheme, media=media)
        found += [f"{scheme}, {media}: {each}" for each in await faults_of_access(page)]
    await page.emulate_media(color_scheme="light", media="screen")
    return found


Found = dict[tuple[Screen, str], list[str]]
"""The violations that axe found, by kind of screen and HTML."""


@dataclass(slots=True)
class Examiner:
    """An examiner of a page's cards with axe.

    Equal HTML on the same kind of screen is checked only once. `found` has earlier findings, also from other pages.
    `looked` counts how often axe ran.
    """

    page: "Page"
    screen: Screen
    found: Found
    windows: AsyncExitStack
    looked: int = field(default=0, init=False)
    copy: "Page | None" = field(default=None, init=False)

    async def faults(self) -> list[str]:
        """Return the violations of what the page shows now."""
        html = await self.page.evaluate("document.body.innerHTML")
        key = replace(self.screen, has_script=True), SENT.sub("", html).strip()
        if key not in self.found:
            self.looked += 1
            self.found[key] = await faults_of_access(self.page if self.screen.has_script else await self._copied(html))
        return self.found[key]

    async def _copied(self, html: str) -> "Page":
        """Return a copy of a page that was loaded without JavaScript, in a window in which only axe's script runs."""
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
    """Yield an examiner for a page. The windows that it opens are closed at the end."""
    async with AsyncExitStack() as windows:
        yield Examiner(page, screen, found, windows)


@cache
def _axe() -> str:
    """Return the script of axe, from its package."""
    package = importlib.util.find_spec("axe_playwright_python")
    assert package is not None, "axe-playwright-python is of the dev extra"
    assert package.origin is not None, "it is a package of files"
    return (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")
