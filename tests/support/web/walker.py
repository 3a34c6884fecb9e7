"""Replays a recorded conversation (a walk) in a simulated browser without JavaScript, over HTTP."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import assert_never

from dialogs.core.acts import Rest, Tick, act_of
from dialogs.core.page import Box, every
from dialogs.core.replies import Card
from dialogs.core.role import Role
from dialogs.core.script import Script
from tests.support.counts import IS_FULL
from tests.support.walks.boards import script_of
from tests.support.walks.clock import Surroundings
from tests.support.walks.core import Scene
from tests.support.walks.model import WEB, Follow, ItIsNow, Others, Press, PressAgain, Send, Type, Walk
from tests.support.web.browser import Browser
from tests.support.web.expecting import faults_after
from tests.support.web.others import OthersBeside
from tests.support.web.serving import SAM, let_in, made


def is_for_a_browser(walk: Walk) -> bool:
    """Return True if forms can play the walk. A browser cannot send media."""
    return not any(isinstance(act, Send) for turn in walk.turns for act in turn.acts)


def deeds(scenes: Sequence[Scene]) -> Iterator[Sequence[Scene]]:
    """Yield the scenes one by one, or those together that are one form on a page: ticks, and the answer to the rest.

    If a card comes up between two ticks, as when one of them cannot wait, they are sent one by one as a chat does.
    """
    start = 0
    while start < len(scenes):
        end = start
        while end < len(scenes) and _is_plain_tick(scenes[end], is_first=end == start):
            end += 1
        is_form = start < end < len(scenes) and isinstance(act_on(scenes[end]), Rest)
        yield scenes[start : end + 1 if is_form else start + 1]
        start = end + 1 if is_form else start + 1


def _is_plain_tick(scene: Scene, *, is_first: bool) -> bool:
    return isinstance(act_on(scene), Tick) and scene.session.overlay is None and (is_first or not scene.steps)


def act_on(scene: Scene) -> object:
    """Return what the pressed button of a scene does, or None if no button was pressed."""
    return act_of(scene.code) if scene.code else None


def given_by(scenes: Sequence[Scene]) -> tuple[list[bool], str]:
    """Return which boxes are ticked after these scenes of ticks, and the answer to the rest."""
    page, rest = (scenes[-2].card or Card(0, (), ())).page, act_on(scenes[-1])
    assert page is not None, "the channel draws pages"
    assert isinstance(rest, Rest), "the last scene of ticks answers the rest"
    return [each.is_ticked for each in every(page.parts, Box)], rest.option


class Browsing:
    """The browser of the walk's person."""

    def __init__(self, browser: Browser, around: Surroundings, others: OthersBeside, script: Script) -> None:
        self.browser = browser
        self._around = around
        self._others = others
        self._script = script
        self._is_ahead = False

    async def press_on(self, scene: Scene) -> None:
        """Press a button without opening the next page, like a person who is faster than their connection."""
        assert isinstance(scene.act, Press), "only a button can be pressed unseen"
        assert scene.before is not None, "there is a card"
        self._is_ahead = True
        if scene.code:
            press = f"{scene.before.token}:{scene.code}"
            await self.browser.send_on({"nonce": self.browser.page.nonce, "press": press})

    async def play(self, scene: Scene) -> list[str]:
        """Perform the act of a scene, and return what the page shows otherwise than the core's."""
        self._around.heed(scene.steps)
        for step in scene.steps:
            if isinstance(step, Others):
                await self._others.heed(step)
        # A page that is hours old, or whose room has changed, would be refused.
        if any(isinstance(step, ItIsNow | Others) for step in scene.steps):
            await self.browser.open()
        await self._do(scene)
        return self._faults(scene)

    async def fill_in(self, scenes: Sequence[Scene]) -> list[str]:
        """Tick what these scenes tick, answer the rest, and send all of it at once. Return what is shown otherwise."""
        self._around.heed(scenes[0].steps)
        if self._is_ahead or scenes[0].steps:
            await self.browser.open()
        ticked, rest = given_by(scenes)
        boxes = self.browser.page.boxes
        checks = [each for each in boxes if each.attributes["type"] == "checkbox"]
        for box, is_ticked in zip(checks, ticked, strict=True):
            if is_ticked != ("checked" in box.attributes):
                self.browser.tick(box)
        answer = next(each for each in boxes if each.attributes["name"] == "rest" and each.attributes["value"] == rest)
        await self.browser.submit(answer)
        self._is_ahead = False
        return self._faults(scenes[-1])

    def _faults(self, scene: Scene) -> list[str]:
        self._is_ahead = False
        return faults_after(self.browser.page, scene, self._script)

    async def _do(self, scene: Scene) -> None:
        browser = self.browser
        match scene.act:
            case Press() if self._is_ahead:
                await self.press_on(scene)
                await browser.open()
            case Press() if not scene.code:
                await browser.open()
            case Press():
                assert scene.before is not None, "there is a card"
                press = f"{scene.before.token}:{scene.code}"
                found = [
                    each for each in browser.page.buttons + browser.page.boxes if each.attributes.get("value") == press
                ]
                # What a page shows at once, such as the whole check, has no button to turn to.
                await (
                    browser.submit(found[0]) if found else browser.send({"nonce": browser.page.nonce, "press": press})
                )
            case PressAgain():
                await browser.send({**browser.sent, "nonce": browser.page.nonce})
            case Type(line) if line.startswith("/"):
                name, _, words = line[1:].partition(" ")
                await browser.command(name, words)
            case Type(line) if scene.before is not None and scene.before.takes_words:
                await browser.send({"nonce": browser.page.nonce, "typed": line})
            case Type(line):
                await browser.command("ask", line)
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
    script = script_of(WEB, walk)
    serving = made(around, script=script)
    await let_in(serving, [SAM], role=Role(walk.role), now=around.now())
    async with serving.listening():
        browser = Browser(serving.port)
        await browser.open()
        try:
            yield Browsing(browser, around, OthersBeside(serving), script)
        finally:
            await browser.close()


async def browse_all(browsing: Browsing, scenes: Sequence[Scene]) -> dict[int, list[str]]:
    """Play all scenes, and return what pages show otherwise than the core's, by the number of the scene. Stop at the first.

    Of several presses in a row, only the last page is opened, except in a full proof.
    """
    played = 0
    for some in deeds(scenes):
        scene, found = some[0], list[str]()
        played += len(some)
        if len(some) > 1:
            found = await browsing.fill_in(some)
        elif IS_FULL or scene.is_last or scene.steps or played == len(scenes):
            found = await browsing.play(scene)
        else:
            await browsing.press_on(scene)
        if found:
            return {played: found}
    return {}
