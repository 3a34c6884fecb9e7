"""Promises P14 and P20 in a browser: a page reports what could not be saved, and shows whom to call meanwhile."""

import contextlib
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from dialogs.core.session import Session
from tests.support.abreast import abreast
from tests.support.chromium.windows import free_port
from tests.support.counts import IS_FULL, times
from tests.support.people.plans import Plan
from tests.support.promising import Promise
from tests.support.shipped import WORDING
from tests.support.store.cutting import limit
from tests.support.store.failing_disk import FailingDisk, held
from tests.support.telegram.bots import Process
from tests.support.telegram.home import Home
from tests.support.web.browser import Browser
from tests.support.web.running import (
    SECRET,
    SIGNED_IN,
    have_signed_in,
    home_of_pages,
    opened,
    session_kept,
    web_process,
)
from tests.support.web.seeing import seen

NOT_SAVED = WORDING.on("web").say("toast.not-saved")
NUMBERS = ("999", "01454 866000")
SOON = 2.0 if IS_FULL else 6.0
"""Seconds within which whom to call must show. A short run, slowed by other tests, only shows that nothing hangs."""

HANGS = "a sync that hangs"
FAULTS = ("full", "EIO on write", "EIO on sync", "read-only", "held by another", "too small")


@dataclass(frozen=True, slots=True)
class House:
    """The real server of pages on a disk that can fail, and Kim, who completes a SERAF in a browser."""

    home: Home
    disk: FailingDisk
    bot: Process
    kim: Browser
    plan: Plan

    @contextlib.contextmanager
    def failing(self, how: str) -> Iterator[None]:
        if how == "held by another":
            with held(self.home.store):
                yield
        elif how == "too small":
            limit(self.bot.pid, self.plan.draw.choice((0, 4096, self.home.store.stat().st_size)))
            yield
            limit(self.bot.pid, -1)
        else:
            with self.disk.failing(how):
                yield

    def form(self) -> Mapping[str, str]:
        page = self.kim.page
        return {"nonce": page.nonce, "press": self.kim.button(self.plan.next_label_round(page)).attributes["value"]}

    async def sent(self, form: Mapping[str, str], kept: Session) -> bool:
        """Send a form; return True if it was saved.

        Otherwise check that the page says that it was not, shows whom to call, and shows nothing of a case.
        """
        await self.kim.send_on(form)
        if self.kim.answer.status == 303:
            return True
        page = seen(self.kim.answer.text)
        assert (self.kim.answer.status, NOT_SAVED in page.text) == (503, True)
        assert set(NUMBERS) <= {each.words for each in page.links}
        assert not kept.reference or kept.reference not in self.kim.answer.text
        return False


@asynccontextmanager
async def house(folder: Path, draw: Random) -> AsyncIterator[House]:
    home, disk, port = home_of_pages(folder), FailingDisk(folder), free_port()
    await have_signed_in(home)
    async with web_process(home, port, **disk.environment) as bot:
        kim = await opened(port, SECRET, cookie=SIGNED_IN)
        yield House(home, disk, bot, kim, Plan(draw))
        await kim.close()
        assert "Traceback" not in bot.said


async def is_honest(here: House, how: str) -> bool:
    """Send a form during a disk fault, and again until it is stored; return True if the first attempt was refused."""
    before, form = await session_kept(here.home), here.form()
    with here.failing(how):
        is_saved = is_first = await here.sent(form, before)
    assert is_saved or await session_kept(here.home) == before
    while not is_saved:
        is_saved = await here.sent(form, before)
    assert (await session_kept(here.home)).card == before.card + 1
    await here.kim.open()
    return not is_first


async def numbers_while_it_hangs(here: House) -> list[float]:
    """While the disk hangs, send a form and open another page; return the seconds until each was answered."""
    before, form, other = await session_kept(here.home), here.form(), here.kim.beside()
    with here.failing(HANGS):
        begun = time.monotonic()
        assert not await here.sent(form, before)
        took = [time.monotonic() - begun]
        begun = time.monotonic()
        assert set(NUMBERS) <= {each.words for each in (await other.open()).links}
        took.append(time.monotonic() - begun)
    while not await here.sent(form, before):
        pass
    assert (await session_kept(here.home)).card == before.card + 1
    await here.kim.open()
    await other.close()
    return took


@pytest.mark.prove
async def test_a_page_reports_only_stored_answers_as_saved(tmp_path: Path, promise: Promise) -> None:
    """Promise P14: an unsaved form is never reported as saved. Sent again after the fault, it counts once."""
    houses, faults = times(4, 1), times(25, 3)

    async def one(number: int) -> int:
        async with house(tmp_path / str(number), Random(number)) as here:
            return sum([await is_honest(here, FAULTS[(number + each) % len(FAULTS)]) for each in range(faults)])

    unsaved = sum(await abreast(range(houses), one, at_once=houses))

    asked = houses * faults
    assert unsaved >= asked // 2
    promise.reached("P14", asked=asked, reached=asked, of="faults of the disk under the pages")


@pytest.mark.prove
async def test_while_the_disk_hangs_a_page_shows_whom_to_call(tmp_path: Path, promise: Promise) -> None:
    """Promise P20: while the disk hangs, a form's answer and another page both show whom to call within two seconds."""

    async def one(number: int) -> list[float]:
        async with house(tmp_path / str(number), Random(number)) as here:
            return await numbers_while_it_hangs(here)

    took = [each for both in await abreast(range(times(4, 1)), one, at_once=2) for each in both]

    in_time = sum(each <= SOON for each in took)
    promise.reached("P20", asked=len(took), reached=in_time, of="pages with numbers within 2 s while the disk hangs")
