"""Proves that a developer can be a person at the keyboard."""

import asyncio
import sys

import pytest

from tests.fakes.telegram import TOKEN, FakeTelegram, Person, Unseen
from tests.fakes.telegram.by_hand import described, do
from tests.fakes.telegram.raw import RawBot, keyboard
from tests.support.places import ROOT


@pytest.fixture
async def you(server: FakeTelegram) -> Person:
    """The person at the keyboard, to whom the bot has shown two buttons."""
    person = server.person(1, first_name="You")
    await do(person, "/start")
    async with RawBot(server.base, server.token) as bot:
        await bot.send(1, reply_markup=keyboard("Yes", "No"))
    return person


async def test_a_typed_text_is_sent(you: Person) -> None:
    """Anything that is no button."""
    assert you.chat[0].text == "/start"


@pytest.mark.parametrize("typed", ["#2", "[No]"])
async def test_a_button_is_tapped_by_number_or_label(server: FakeTelegram, you: Person, typed: str) -> None:
    """On the newest keyboard."""
    await do(you, typed)

    assert server.pending[-1]["callback_query"]["data"] == "No"


async def test_a_number_without_a_button_is_explained(you: Person) -> None:
    """Instead of a traceback."""
    with pytest.raises(Unseen, match="no button #3"):
        await do(you, "#3")


async def test_buttons_are_shown_with_their_numbers(you: Person) -> None:
    """So that they can be typed."""
    assert described(you.acts[-1]).splitlines()[-1].strip() == "#1 [Yes]  #2 [No]"


async def test_it_starts_from_the_command_line() -> None:
    """It says where it listens, and ends with the input."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.telegram"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )

    output, _ = await asyncio.wait_for(process.communicate(b"/start\n"), 20)

    assert ("http://127.0.0.1:" in output.decode(), TOKEN in output.decode(), process.returncode) == (True, True, 0)
