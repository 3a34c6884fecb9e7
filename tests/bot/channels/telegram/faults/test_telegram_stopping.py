"""Tests that `seraf-bot run` stops within five seconds in every state, and that its exit status shows what is wrong."""

import signal
from dataclasses import replace
from random import Random

import pytest

from bot.cli.main import PASSING, WRONG
from bot.crypto.keys import create_key_file
from tests.fakes.telegram import Person
from tests.support.store.failing_disk import held
from tests.support.telegram.bots import Process, process
from tests.support.telegram.fixtures import real_time
from tests.support.telegram.home import Home
from tests.support.telegram.monitors import free_address
from tests.support.telegram.walker import Walker, come_to_item

SECONDS = 5.0

PATIENCE = 60.0
"""Seconds after which a bot that has not started counts as hung."""

clock = real_time()


async def stops_cleanly(bot: Process, number: signal.Signals = signal.SIGTERM) -> None:
    status, seconds = await bot.terminated(number)

    assert (status, seconds < SECONDS) == (0, True), f"{status} after {seconds:.1f} s\n{bot.said}"
    assert "Traceback" not in bot.said
    assert "event=failed" not in bot.said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
async def test_it_stops_while_a_long_poll_hangs(home: Home, sam: Person, number: signal.Signals) -> None:
    async with process(home) as bot:
        await bot.says("ready", seconds=PATIENCE)
        await sam.until(lambda: len(home.server.calls("getUpdates")) >= 2)

        await stops_cleanly(bot, number)


async def test_pages_end_when_their_terminal_is_closed(home: Home) -> None:
    port = free_address()
    async with process(home, words=("web",), SERAF_WEB_BIND=port) as pages:
        await pages.says("ready", seconds=PATIENCE)

        await stops_cleanly(pages, signal.SIGHUP)


async def test_it_stops_during_a_silence_that_telegram_asked_for(home: Home, sam: Person) -> None:
    async with process(home) as bot:
        await bot.says("ready", seconds=PATIENCE)
        await come_to_item(sam, 2)
        home.server.fault(method="editMessageText", kind="too_many", retry_after=600)
        await sam.click("No")
        await sam.until(lambda: home.server.faults.left == 0)

        await stops_cleanly(bot)


async def test_it_stops_while_telegram_cannot_be_reached(home: Home, sam: Person) -> None:
    async with process(home) as bot:
        await bot.says("ready", seconds=PATIENCE)
        await Walker(sam, Random(1)).begin(until_item=2)
        await home.server.stop()
        await bot.says("not reached", seconds=PATIENCE)

        await stops_cleanly(bot)


async def test_it_stops_before_it_has_ever_reached_telegram(home: Home) -> None:
    await home.server.stop()
    async with process(home) as bot:
        await bot.says("not reached", seconds=PATIENCE)

        await stops_cleanly(bot)


async def test_it_stops_while_telegram_takes_a_call_and_never_answers(home: Home, sam: Person) -> None:
    home.server.fault(method="getMe", kind="late", seconds=60)
    async with process(home) as bot:
        await sam.until(lambda: bool(home.server.calls("getMe")))

        await stops_cleanly(bot)


async def test_a_token_that_telegram_refuses_does_not_start(home: Home) -> None:
    async with process(home, SERAF_TELEGRAM_TOKEN="123:wrong") as bot:
        status = await bot.ended()

    assert status == 2
    assert "Telegram refuses this token" in bot.said
    assert len(bot.said.splitlines()) == 1
    assert "123:wrong" not in bot.said


async def test_without_its_store_it_runs_and_its_exit_status_shows_that(home: Home, sam: Person) -> None:
    async with process(home) as bot:
        await bot.says("ready", seconds=PATIENCE)
        await stops_cleanly(bot)
    without = replace(home, admitted=frozenset())
    with held(home.store):
        async with process(without) as bot:
            await bot.says("without a store", seconds=PATIENCE)
            assert (await bot.terminated())[0] == PASSING
    home.key_file.unlink()
    create_key_file(home.key_file)

    async with process(without) as bot:
        await bot.says("without a store", seconds=PATIENCE)
        await sam.ask("/urgent")
        status, seconds = await bot.terminated()

    assert (status, seconds < SECONDS) == (WRONG, True)
    assert "seraf-bot: The database was sealed with another key file" in bot.said
    assert home.key_file.read_text().split('"seal": "')[1][:20] not in bot.said
