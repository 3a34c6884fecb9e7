"""Tests that pages confirm an erasure only once no file of the store holds the case, even while a command reads it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.access.account import Terms
from bot.channels.web import inbox, pages
from bot.operations.housekeeping import pass_time
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.sqlite.transaction import log_bytes
from bot.storage.values import Done
from tests.bot.channels.web.conftest import REFERENCE
from tests.bot.channels.web.test_web_following import followed
from tests.support.shipped import WORDING
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.serving import SAM, Serving, let_in, made

SAID, NEWS = WORDING.say("toast.erased"), WORDING.say("kept.expired")
GONE = "answers are gone"
"""Words that both the toast and the card contain after an erasure."""

SOON = 5.0
AGAIN = 0.05
PAST_TERM = 8 * 86_400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "seraf.sqlite"


@pytest.fixture
async def serving(path: Path, around: Surroundings) -> AsyncIterator[Serving]:
    house = made(around, terms=Terms())
    house = Serving(await open_sqlite(path, house.keys), house.conversation, house.keys)
    await let_in(house, [SAM], now=around.now())
    async with house.listening():
        yield house


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "EVERY", AGAIN)
    monkeypatch.setattr(inbox, "SHORTLY", AGAIN)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM people").fetchone()
        yield


async def is_shown(browser: Browser, words: str) -> bool:
    for _ in range(int(SOON / AGAIN)):
        await browser.open()
        if words in browser.answer.text:
            return True
        await asyncio.sleep(AGAIN)
    return False


async def erase(sam: Browser) -> None:
    await sam.press("Start")
    await sam.press("School")
    assert REFERENCE in sam.answer.text
    await sam.command("erase")
    await sam.press("Erase now")


async def test_without_a_reader_an_erasure_is_confirmed_at_once(path: Path, sam: Browser) -> None:
    await erase(sam)

    assert log_bytes(path) == 0
    assert SAID in sam.answer.text
    assert "Erased" in sam.page.text.replace(SAID, "")


async def test_a_page_waits_a_moment_for_who_reads(path: Path, sam: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "SHORTLY", SOON)

    async def read_briefly() -> None:
        with reading(path):
            begun.set()
            await asyncio.sleep(4 * AGAIN)

    begun = asyncio.Event()
    await sam.press("Start")
    await sam.command("erase")
    reader = asyncio.create_task(read_briefly())
    await begun.wait()

    await sam.press("Erase now")

    assert SAID in sam.answer.text
    await reader


async def test_an_erasure_is_confirmed_once_the_reader_has_finished(path: Path, serving: Serving, sam: Browser) -> None:
    with reading(path):
        await erase(sam)

        held = log_bytes(path)
        assert REFERENCE not in sam.answer.text
        assert GONE not in sam.answer.text
        assert "Erased" not in sam.answer.text
        stream, writer = await followed(serving)
        before = await stream.next()

    assert await stream.next() != before
    assert await is_shown(sam, SAID)
    assert (log_bytes(path) or 0) < (held or 0), "it was emptied, and then had the toast and its deletion"
    assert "Erased" in sam.page.text.replace(SAID, "")
    writer.close()


async def test_a_person_who_continues_meanwhile_is_notified_too(path: Path, sam: Browser) -> None:
    with reading(path):
        await erase(sam)
        assert "Start" in sam.page.labels

        await sam.press("Start")

        assert GONE not in sam.answer.text

    assert await is_shown(sam, SAID)
    assert REFERENCE in sam.answer.text


async def test_whom_to_call_is_shown_meanwhile(path: Path, sam: Browser) -> None:
    with reading(path):
        await erase(sam)
        await sam.press(WORDING.say("leaf.urgent"))

        assert {"999", "01454 866000"} <= {each.words for each in sam.page.links}


async def test_the_end_of_a_term_is_announced_once_the_reader_has_finished(
    path: Path, serving: Serving, sam: Browser, around: Surroundings
) -> None:
    await sam.press("Start")
    await sam.press("School")
    with reading(path):
        around.pass_seconds(PAST_TERM)
        done = await pass_time(serving.store, serving.conversation, person=SAM, now=around.now())
        assert isinstance(done, Done)
        assert done.is_erasure
        await sam.open()
        await sam.press("Go on")

        assert "Locked" in sam.answer.text
        assert NEWS not in sam.answer.text
        assert log_bytes(path)

    assert await is_shown(sam, NEWS)
    assert log_bytes(path) == 0
