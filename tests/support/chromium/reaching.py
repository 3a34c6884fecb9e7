"""Opens a real browser at any page that the dozen walks reach. A simulated browser plays the walk up to there."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.storage.values import Record
from dialogs.core.role import Role
from dialogs.core.script import Script
from tests.support.chromium.windows import Screen, looking, play, shown
from tests.support.walks.boards import script_of
from tests.support.walks.clock import Surroundings
from tests.support.walks.core import Scene, replayed
from tests.support.walks.model import WEB
from tests.support.walks.reading import read_walk
from tests.support.web.browser import Browser
from tests.support.web.dozen import Place, file_of
from tests.support.web.others import OthersBeside
from tests.support.web.serving import SAM, Serving, let_in, made
from tests.support.web.walker import Browsing, browse_all, deeds

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page


@dataclass(frozen=True, slots=True)
class Reached:
    """A page of Chromium that shows a scene of a walk, and what the walk does next (`coming`, empty at its end)."""

    page: "Page"
    serving: Serving
    script: Script
    scene: Scene
    coming: Sequence[Scene]

    async def go_on(self) -> None:
        """Do what the walk does next, without waiting for an answer."""
        await play(self.page, self.coming)

    async def faults(self) -> list[str]:
        """Wait for the page that follows, and return what it shows otherwise than the core's."""
        return await shown(self.page, self.coming[-1], self.script)

    async def record(self) -> Record:
        found = await self.serving.store.recall(SAM)
        assert found is not None, "they were let in"
        return found[0]


@asynccontextmanager
async def reaching(chromium: "Chromium", place: Place, screen: Screen) -> AsyncIterator[Reached]:
    """Yield a page at this place."""
    path = file_of(place.number)
    walk, scenes = read_walk(path), replayed(path, WEB)
    around, script = Surroundings(walk.at, walk.reference), script_of(WEB, walk)
    serving = made(around, script=script)
    await let_in(serving, [SAM], role=Role(walk.role), now=around.now())
    async with looking(chromium, serving, screen) as page:
        browser = Browser(serving.port)
        browser.origin_is(serving.site.address)
        browsing = Browsing(browser, around, OthersBeside(serving), script)
        await browser.open()
        assert await browse_all(browsing, scenes[: place.at + 1]) == {}
        await browser.close()
        coming = next(deeds(scenes[place.at + 1 :]), ())
        if coming:
            around.heed(coming[0].steps)
            coming = [replace(coming[0], steps=()), *coming[1:]]
        await page.goto("/")
        yield Reached(page, serving, script, scenes[place.at], coming)
