"""Replays a recorded conversation (a walk) in a simulated browser without JavaScript, over HTTP."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import assert_never

from dialogs.core.role import Role
from tests.support.counts import IS_FULL
from tests.support.walks.boards import script_of
from tests.support.walks.clock import Surroundings
from tests.support.walks.core import Scene
from tests.support.walks.model import WEB, Follow, ItIsNow, Others, Press, PressAgain, Send, Sight, Type, Walk
from tests.support.web.browser import Browser
from tests.support.web.others import OthersBeside
from tests.support.web.serving import SAM, let_in, made


def is_for_a_browser(walk: Walk) -> bool:
    """Return True if forms can play the walk. A browser cannot send media."""
    return not any(isinstance(act, Send) for turn in walk.turns for act in turn.acts)


class Browsing:
    """The browser of the walk's person."""

    def __init__(self, browser: Browser, around: Surroundings, others: OthersBeside) -> None:
        self.browser = browser
        self._around = around
        self._others = others
        self._is_ahead = False

    async def press_on(self, scene: Scene) -> None:
        """Press a button without opening the next page, like a person who is faster than their connection."""
        assert isinstance(scene.act, Press), "only a button can be pressed unseen"
        assert scene.before is not None, "there is a card"
        code = next(each.code for each in scene.before.buttons if each.label == scene.act.label)
        self._is_ahead = True
        await self.browser.send_on({"nonce": self.browser.page.nonce, "press": f"{scene.before.token}:{code}"})

    async def play(self, scene: Scene) -> Sight:
        """Perform the act of a scene, and return what the page shows after it."""
        self._around.heed(scene.steps)
        for step in scene.steps:
            if isinstance(step, Others):
                await self._others.heed(step)
        # A page that is hours old, or whose room has changed, would be refused.
        if any(isinstance(step, ItIsNow | Others) for step in scene.steps):
            await self.browser.open()
        await self._do(scene)
        self._is_ahead = False
        return self.browser.page.sight

    async def _do(self, scene: Scene) -> None:
        browser = self.browser
        match scene.act:
            case Press() if self._is_ahead:
                await self.press_on(scene)
                await browser.open()
            case Press(label):
                await browser.press(label)
            case PressAgain():
                await browser.send({**browser.sent, "nonce": browser.page.nonce})
            case Type(line) if line.startswith("/"):
                name, _, words = line[1:].partition(" ")
                await browser.command(name, words)
            case Type(line):
                await browser.send({"nonce": browser.page.nonce, "typed": line})
            case Follow():
                await browser.open()
            case Send():
                raise AssertionError("a browser sends forms alone")
            case _:
                assert_never(scene.act)


@asynccontextmanager
async def browsing(walk: Walk) -> AsyncIterator[Browsing]:
    """Yield a browser whose server runs within the context."""
    around = Surroundings(walk.at, walk.reference)
    serving = made(around, script=script_of(WEB, walk))
    await let_in(serving, [SAM], role=Role(walk.role), now=around.now())
    async with serving.listening():
        browser = Browser(serving.port)
        await browser.open()
        try:
            yield Browsing(browser, around, OthersBeside(serving))
        finally:
            await browser.close()


async def browse_all(browsing: Browsing, scenes: Sequence[Scene]) -> list[Sight]:
    """Return what is shown after each act, up to the first that differs from the core.

    Of several presses in a row, only the last page is opened, except in a full proof.
    """
    sights = []
    for scene, following in zip(scenes, (*scenes[1:], None), strict=True):
        if not (IS_FULL or scene.is_last or scene.steps) and following is not None:
            await browsing.press_on(scene)
            sights.append(scene.sight)
            continue
        sights.append(await browsing.play(scene))
        if sights[-1] != scene.sight:
            break
    return sights
