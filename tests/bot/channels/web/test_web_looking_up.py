"""Tests of administrators in browsers: their page waits briefly while people are looked up, and nobody else waits."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.web import inbox, pages
from bot.runtime.errors import StoreFault
from bot.storage.values import Everybody
from dialogs.core.role import Role
from tests.bot.channels.web.test_web_following import followed
from tests.support.walks.clock import Surroundings
from tests.support.web.browser import Browser
from tests.support.web.serving import SAM, Serving, let_in, made

BEA = "web:bea"
HOME = "Let in: 2."
AGAIN = 0.05


@pytest.fixture
async def serving(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Serving]:
    monkeypatch.setattr(pages, "EVERY", AGAIN)
    monkeypatch.setattr(inbox, "SHORTLY", AGAIN)
    house = made(around)
    await let_in(house, [SAM], role=Role.ADMIN, now=around.now())
    await let_in(house, [BEA], now=around.now())
    async with house.listening():
        yield house


@pytest.fixture
def may_look(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    everybody, may = serving.store.everybody, asyncio.Event()

    async def slowly(*asked: Any) -> Everybody[Any]:
        found: Everybody[Any] = await everybody(*asked)
        await may.wait()
        return found

    monkeypatch.setattr(serving.store, "everybody", slowly)
    return may


async def test_a_page_stays_and_is_notified_when_the_list_is_ready(
    serving: Serving, sam: Browser, may_look: asyncio.Event
) -> None:
    stream, writer = await followed(serving)
    await stream.next()

    await sam.command("people")
    assert HOME not in sam.answer.text
    may_look.set()

    await stream.next()
    await sam.open()
    assert HOME in sam.answer.text
    writer.close()


async def test_a_failing_store_is_reported_and_the_request_can_be_repeated(
    serving: Serving, sam: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        async def fail(*_: Any) -> None:
            raise StoreFault("The store is broken.")

        broken.setattr(serving.store, "everybody", fail)
        await sam.command("people")
        assert "Not saved" in sam.answer.text

    await sam.command("people")

    assert HOME in sam.answer.text
