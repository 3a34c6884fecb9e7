"""A whole room from `seraf-bot rehearse room` to the last model answer, in a real Chromium. Nothing of it stays on the machine."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from seraf.rehearsal.unfolding import longest
from tests.support.chromium.windows import DESK, PHONE, Screen, complaints, fits, free_port, window
from tests.support.command_line.cli import COMMAND, PLAIN
from tests.support.counts import times
from tests.support.shipped import PACK
from tests.support.talk.gathering import Reader
from tests.support.web.rooming import RoomBrowser

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROJECTOR = Screen(1920, 1080)
GUESTS = times(40, 10)
LEAST = 3.1
"""The smallest letters of a slide, in hundredths of its height: on a picture 1.2 m high some 37 mm, read from ten metres."""
CANARY = "CANARY77"
WAITS = "The trainer opens the next stage."
CHOICES = "main button[value*=':z:answer:']"
LONGEST = longest(next(case for case in PACK.vignettes if case.id == "ada"))
SOON = 60.0
"""The most seconds from the command to a phone that has joined: of two minutes, the installation has the other half."""


@dataclass(slots=True)
class Command:
    """The running command: the link of its console, its site, and, once it has ended, everything that it printed."""

    link: str = ""
    printed: str = ""

    @property
    def site(self) -> str:
        return self.link.partition("/trainer")[0]


@asynccontextmanager
async def running(folder: Path, case: str = "teo") -> AsyncIterator[Command]:
    """Run the command for a case at home in a folder, and end it as Ctrl-C does."""
    for name in ("home", "temporary"):
        (folder / name).mkdir()
    own = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "temporary")}
    words = ("rehearse", "room", case, "--no-browser", "--address", "127.0.0.1", "--port", str(free_port()))
    pipe, both = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *words, cwd=folder / "home", env=PLAIN | own, stdout=pipe, stderr=both
    )
    assert process.stdout is not None
    command = Command()
    while not (found := re.search(r"\S+/trainer/\S+", command.printed)):
        command.printed += (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    command.link = found[0]
    try:
        yield command
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = await process.communicate()
        command.printed += rest.decode()
        assert process.returncode == 0


async def guest(site: str, code: str, number: int) -> RoomBrowser:
    browser = RoomBrowser(int(site.rpartition(":")[2]), f"/room/{code}", site)
    await browser.open()
    await browser.press("Join")
    while browser.answer.status == 429 or "Join" in browser.labels:  # of one address, one in two seconds
        await asyncio.sleep(1)
        await browser.press("Join")
    return await browser.finish(Reader(number))


async def smallest(wall: "Page") -> float:
    """Return the size of the smallest letters on a slide, in hundredths of its height."""
    sizes = await wall.evaluate(
        "[...document.querySelectorAll('main *')].filter((each) => [...each.childNodes].some((node) => node.nodeType === 3"
        " && node.textContent.trim())).map((each) => parseFloat(getComputedStyle(each).fontSize))"
    )
    return 100 * float(min(sizes)) / PROJECTOR.height


async def follows(wall: "Page", console: "Page") -> None:
    """Wait until the projector shows the slide of the console."""
    at = await console.locator("#slide").get_attribute("data-at")
    await wall.locator(f'#slide[data-at="{at}"]').wait_for(timeout=60_000)


async def led(console: "Page", wall: "Page") -> tuple[list[str], list[str]]:
    """Lead a closed room to its last slide, opening the answers at the first closed one. Return what the projector said, and its faults."""
    said, faults = [], []
    while True:
        await follows(wall, console)
        words = await wall.locator("main").inner_text()
        said.append(words)
        if not await fits(wall) or await smallest(wall) < LEAST:
            faults.append(words)
        release = console.locator("form.row button.main", has_text="Open model answers")
        onward = release if await release.count() else console.locator("[data-turn=next]")
        if not await onward.count():
            return said, faults
        nonce = await console.locator("[name=nonce]").first.input_value()
        await onward.click()
        await console.locator(f'[name=nonce]:not([value="{nonce}"])').first.wait_for(state="attached")


async def test_a_group_goes_from_the_command_to_the_last_model_answer_and_leaves_nothing(
    chromium: "Chromium", tmp_path: Path
) -> None:
    began = monotonic()
    async with running(tmp_path) as command:
        site = command.site
        async with window(chromium, DESK, site) as desk, window(chromium, PHONE, site) as phone:
            desk_said, phone_said = complaints(desk), complaints(phone)
            console, wall, code = await opened(desk, command.link)
            joined = await phone.new_page()
            await joined.goto(f"/room/{code}")
            await joined.get_by_role("button", name="Join").click()
            await joined.get_by_text("Now answer as you would at work.").wait_for()
            took = monotonic() - began
            guests = [await guest(site, code, number) for number in range(GUESTS - 1)]
            await console.get_by_role("button", name="End the room").click()
            await console.get_by_role("button", name="Close and compare").click()
            await console.get_by_text("the room is closed").wait_for()
            said, faults = await led(console, wall)
            await guests[0].press("My answers")
        answers = guests[0].text
        await guests[0].open(f"/room/{CANARY}")
        for each in guests:
            await each.close()

    assert took < SOON
    assert faults == []
    reveals = [words for words in said if "Model answer:" in words]
    assert len(reveals) >= 5
    assert "Critical actions" in answers
    assert desk_said == phone_said == []
    assert left_in(tmp_path) == []
    assert [word for word in (code, CANARY, "teo") if word in command.printed.replace(command.link, "")] == []


def left_in(folder: Path) -> list[str]:
    """Return the files in a folder, at any depth."""
    return [str(path) for path in folder.rglob("*") if path.is_file()]


async def opened(desk: "BrowserContext", link: str) -> tuple["Page", "Page", str]:
    """Open the console by its link, and the projector's window beside it. Return both and the room's code."""
    console = await desk.new_page()
    await console.goto(link)
    await console.get_by_role("button", name="Open the console").click()
    code = (await console.locator(".code").inner_text()).replace("-", "")
    wall = await desk.new_page()
    await wall.set_viewport_size({"width": PROJECTOR.width, "height": PROJECTOR.height})
    await wall.goto("/screen")
    picture = wall.locator("img.qr")
    await picture.evaluate("each => each.decode()")
    assert await picture.evaluate("each => each.getBoundingClientRect().height") > 0.95 * PROJECTOR.height
    return console, wall, code


async def test_the_phones_of_a_case_in_stages_follow_each_stage_that_the_trainer_opens(
    chromium: "Chromium", tmp_path: Path
) -> None:
    """Three guests go ways of their own. What is new stands first on their phones, and nobody is ahead of the trainer."""
    async with running(tmp_path, "ada") as command, AsyncExitStack() as stack:
        desk = await stack.enter_async_context(window(chromium, DESK, command.site))
        console, _, code = await opened(desk, command.link)
        people = [await stack.enter_async_context(window(chromium, PHONE, command.site)) for _ in range(3)]
        said, phones = [complaints(each) for each in (desk, *people)], [await each.new_page() for each in people]
        for phone in phones:
            await phone.goto(f"/room/{code}")
            await phone.get_by_role("button", name="Join").click()
            await phone.locator(CHOICES).first.wait_for()
        onward, stages = console.get_by_role("button", name="Open the next stage"), 1
        while await onward.count():
            for number, phone in enumerate(phones):
                await chosen(phone, number)
            acting = [each for each in phones if await each.get_by_text(WAITS).count()]
            await console.get_by_text(f"Stage {stages} is open. {len(acting)} of 3 have chosen").wait_for()
            await onward.click()
            stages += 1
            for phone in acting:
                await phone.get_by_text(WAITS).wait_for(state="detached", timeout=60_000)
                new = phone.locator("main > section h2").first
                assert re.match(r"\w+day \d\d:\d\d", await new.inner_text())
                assert await new.evaluate("each => each.getBoundingClientRect().bottom") < PHONE.height / 2
                assert await fits(phone)
            await console.get_by_text(
                "All stages are open" if stages == LONGEST else f"Stage {stages} is open"
            ).wait_for()
        ends = [await phone.get_by_text("Now answer as you would at work.").count() for phone in phones]

    assert (stages, ends) == (LONGEST, [1, 1, 1])
    assert said == [[], [], [], []]
    assert left_in(tmp_path) == []


async def chosen(phone: "Page", number: int) -> None:
    """Choose what the guest of this number does at a stage, and what they reply, until they wait or are at the end."""
    while count := await phone.locator(CHOICES).count():
        before = await phone.locator("main").inner_text()
        await phone.locator(CHOICES).nth(number % count).click()
        await phone.wait_for_function("before => document.querySelector('main').innerText !== before", arg=before)
