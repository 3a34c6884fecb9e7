"""Traces one act through the product: every Python function that is called from the request to the card and the row."""

import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from unittest.mock import patch

from bot.conversation.questions import Questions
from tests.fakes.telegram import FakeTelegram
from tests.project.measures import PRODUCT
from tests.support.chromium.windows import free_port
from tests.support.places import ROOT
from tests.support.telegram.bots import running
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import come_to_item
from tests.support.walks.clock import Surroundings
from tests.support.web.running import admit_on_web, home_of_pages, served

ONWARD = ("Form order", "13–15", "Done", "Neither", "School", "No", "Yes")
"""Labels to press on a web page until the first item is shown: the first of them that the page has."""

FOLDERS = tuple(f"{ROOT}/{name}/" for name in PRODUCT)


@dataclass(slots=True)
class Way:
    """The functions that were called, in order, by file and name; and the maximum depth of calls within the product."""

    calls: list[tuple[str, str]] = field(default_factory=list)
    depth: int = 0

    @property
    def files(self) -> set[str]:
        return {file for file, _ in self.calls}

    @property
    def functions(self) -> set[tuple[str, str]]:
        return set(self.calls)

    @property
    def changes(self) -> int:
        """The number of calls that go to a function in another file than the call before."""
        return sum(one[0] != other[0] for one, other in zip(self.calls, self.calls[1:], strict=False))


@contextmanager
def traced() -> Iterator[Callable[[], Way]]:
    """Trace this thread and those begun within the context. The yielded function starts and returns a new trace.

    What questions are looked up with is not made beforehand, as it otherwise is while the first taps are answered.
    """
    ways = [Way()]  # and those that are begun

    def note(frame: FrameType, event: str, _: object) -> None:
        if event != "call" or len(ways) == 1 or not frame.f_code.co_filename.startswith(FOLDERS):
            return  # nothing counts until a trace is begun
        way = ways[-1]
        way.calls.append((frame.f_code.co_filename.removeprefix(f"{ROOT}/"), frame.f_code.co_name))
        depth, above = 0, frame
        while above is not None:
            depth += above.f_code.co_filename.startswith(FOLDERS)
            above = above.f_back  # type: ignore[assignment]
        way.depth = max(way.depth, depth)

    def begin() -> Way:
        ways.append(Way())
        return ways[-1]

    before = sys.getprofile()
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        with patch.object(Questions, "prepare"):
            yield begin
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


async def shortest(begin: Callable[[], Way], act: Callable[[], Awaitable[object]], *, times: int) -> Way:
    """Perform an act `times` times. Return the trace with the fewest calls, as it has the least background work."""
    ways = []
    for _ in range(times):
        way = begin()
        await act()
        ways.append(way)
    return min(ways, key=lambda each: len(each.calls))


TIMES = 8
"""How many times an act is traced."""


async def way_of_a_tap(folder: Path) -> Way:
    """Return the trace of a tap on “No” at an item, in a bot with a fake Bot API."""
    async with FakeTelegram() as server:
        with traced() as begin:
            async with running(Home(folder, server)):
                sam = await come_to_item(server.person(SAM, first_name="Sam"), 3)

                async def tap() -> None:
                    await sam.press("No")
                    await sam.settled()

                return await shortest(begin, tap, times=TIMES)


async def way_of_a_form(folder: Path) -> Way:
    """Return the trace of a form with “No” at an item, submitted on a web page, and of the page that follows."""
    around, home = Surroundings(datetime.now(UTC), "BRISK OTTER 41"), home_of_pages(folder)
    await admit_on_web(home, around)
    with traced() as begin:
        async with served(home, around, free_port()) as browser:
            await browser.press("Start")
            while "of 30" not in browser.answer.text:
                await browser.press(next(label for label in ONWARD if label in browser.page.labels))
            return await shortest(begin, lambda: browser.press("No"), times=TIMES)
