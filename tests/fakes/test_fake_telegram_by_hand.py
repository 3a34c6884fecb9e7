"""A developer can act as a person of the fake Telegram, at the keyboard."""

import asyncio
import sys

import pytest

from tests.fakes.telegram import TOKEN, FakeTelegram, Person
from tests.fakes.telegram.by_hand import do
from tests.fakes.telegram.raw import RawBot, keyboard
from tests.support.places import ROOT


@pytest.fixture
async def you(server: FakeTelegram) -> Person:
    """Return the developer as a person, after the bot has sent two buttons."""
    person = server.person(1, first_name="You")
    await do(person, "/start")
    async with RawBot(server.base, server.token) as bot:
        await bot.send(1, reply_markup=keyboard("Yes", "No"))
    return person


@pytest.mark.parametrize("typed", ["#2", "[No]"])
async def test_a_button_is_tapped_by_number_or_label(server: FakeTelegram, you: Person, typed: str) -> None:
    await do(you, typed)

    assert server.pending[-1]["callback_query"]["data"] == "No"


async def test_it_starts_from_the_command_line() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.telegram"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )

    output, _ = await asyncio.wait_for(process.communicate(b"/start\n"), 20)

    assert ("http://127.0.0.1:" in output.decode(), TOKEN in output.decode(), process.returncode) == (True, True, 0)
