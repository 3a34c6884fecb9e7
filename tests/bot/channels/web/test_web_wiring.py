"""Tests of the pages in operation: on a store in a file, alone or next to Telegram, and without a store."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels import due_work
from bot.channels.telegram.connecting import Manners
from bot.crypto.keys import load_key_file
from bot.runtime.errors import SettingsFault
from bot.runtime.settings import Settings
from bot.watch.vitals import last_vitals
from bot.wiring import Environment, run_until
from dialogs.core.role import Role
from tests.bot.channels.telegram.test_telegram_alone import Other, deeds
from tests.fakes.telegram import FakeTelegram
from tests.support.chromium.windows import free_port
from tests.support.people.admitting import access, admit
from tests.support.telegram.home import SAM, Home
from tests.support.walks.clock import Surroundings
from tests.support.web.running import (
    admit_on_web,
    home_of_pages,
    opened,
    running_pages,
    settings_of,
    settings_of_cases,
)
from tests.support.web.serving import KIM, Badges


@pytest.fixture
def port() -> int:
    return free_port()


async def test_both_channels_run_on_one_store(tmp_path: Path, around: Surroundings, port: int) -> None:
    async with FakeTelegram(clock=around.now) as server:
        home = Home(tmp_path, server, frozenset({SAM}))
        await home.admit(around.now())
        await admit_on_web(home, around)
        settings, stopped = settings_of(home, port), asyncio.Event()
        outside = Environment(around, around.reference, Manners(0.01, quiet=0), around.fresh_code, identity=Badges())
        running = asyncio.create_task(run_until(stopped, settings, environment=outside, web=True))
        kim, sam = await opened(port), server.person(SAM)
        await sam.send("/start")
        await sam.until(lambda: "SERAF consultation" in sam.transcript)

        await sam.click("Start")
        await kim.press("Start")
        await kim.press("School")

        assert kim.page.heading.startswith("Right now, as far as you know")
        await sam.until(lambda: "What is your role" in sam.card.text)
        await kim.close()
        stopped.set()
        await running
        assert server.violations == []


async def test_another_bot_with_the_token_takes_neither_pages_nor_upkeep_away(
    tmp_path: Path, around: Surroundings, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_work, "PURGE_AFTER", 0.1)
    monkeypatch.setattr(due_work, "TIDY_EVERY", 0.1)
    async with FakeTelegram(clock=around.now) as server:
        home, other, stopped = Home(tmp_path, server, frozenset({SAM})), Other(server), asyncio.Event()
        await home.admit(around.now())
        await admit_on_web(home, around)
        settings = settings_of(home, port)
        outside = Environment(around, around.reference, Manners(0.01, quiet=2), around.fresh_code, identity=Badges())
        async with other.polling():
            running = asyncio.create_task(run_until(stopped, settings, environment=outside, web=True))
            await server.person(SAM).until(lambda: other.refused > 0)
            async with asyncio.timeout(20):
                while not (vitals := last_vitals(home.store)) or not vitals.has_store:
                    await asyncio.sleep(0.1)
            kim = await opened(port)
            await kim.press("Start")
            await kim.press("School")
            assert await has_case(home)
            await kim.close()

            around.pass_seconds(timedelta(days=8).total_seconds())

            async with asyncio.timeout(20):
                while await has_case(home):
                    await asyncio.sleep(0.1)
            assert not running.done()
            assert deeds(server) == []
            stopped.set()
            await running


async def has_case(home: Home) -> bool:
    store = await home.opened()
    found = await store.recall(KIM)
    await store.close()
    return found is not None and found[0].case is not None


async def test_cases_without_a_way_to_sign_in_do_not_start(tmp_path: Path, around: Surroundings) -> None:
    """Without a sign-in, the bot could not tell one person from another."""
    settings = Settings.model_validate({"web": "cases", "store": tmp_path / "seraf.sqlite"})
    outside = Environment(around, around.reference)

    with pytest.raises(SettingsFault, match="SERAF_WEB: cases need a way to sign in"):
        await run_until(asyncio.Event(), settings, environment=outside, telegram=False, web=True)


@pytest.mark.parametrize("token", [None, "1234:x"])
async def test_a_code_of_an_administrator_explains_how_to_open_the_pages(
    tmp_path: Path, around: Surroundings, port: int, token: str | None
) -> None:
    home = home_of_pages(tmp_path)
    result = {"telegram_token": token and SecretStr(token)}
    settings = settings_of_cases(home, port).model_copy(update=result)
    store = await home.opened()
    await admit(store, [KIM], access(load_key_file(home.key_file), Role.ADMIN, at=around.now()))
    await store.close()

    async with running_pages(settings, around, Badges()):
        kim = await opened(port)
        await kim.command("people", "Duty desk")
        async with asyncio.timeout(20):
            while (
                "Practitioner" not in kim.page.labels
            ):  # on a busy machine the card comes after the answer to the form
                await kim.open()
        await kim.press("Practitioner")
        text = kim.page.text
        await kim.close()

    assert f"http://127.0.0.1:{port}, sign in" in text
    assert ("/start" in text) is (token is not None)
