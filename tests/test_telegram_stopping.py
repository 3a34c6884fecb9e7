"""`seraf-bot run` as a process: it stops within five seconds whatever is under way, and does not start with anything wrong."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random

import pytest

from tests.fakes.telegram import FakeTelegram, Person
from tests.support.telegram_bots import Process, process
from tests.support.telegram_home import SAM, Home
from tests.support.telegram_walker import Walker

SECONDS = 5.0


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    """A running fake, towards which the bot was polite."""
    async with FakeTelegram() as running_server:
        yield running_server
        assert running_server.violations == []


@pytest.fixture
async def home(server: FakeTelegram, tmp_path: Path) -> Home:
    """A place for a bot."""
    return Home(tmp_path, server)


@pytest.fixture
async def sam(server: FakeTelegram) -> Person:
    """Somebody who may use the bot."""
    return server.person(SAM, first_name="Sam")


async def stops_cleanly(bot: Process) -> None:
    """See that SIGTERM ends it in time, with status 0 and no traceback."""
    status, seconds = await bot.terminated()

    assert (status, seconds < SECONDS) == (0, True), f"{status} after {seconds:.1f} s\n{bot.said}"
    assert "Traceback" not in bot.said
    assert "event=failed" not in bot.said


async def test_it_stops_while_a_long_poll_hangs(home: Home, sam: Person) -> None:
    """Nothing is under way but the question to Telegram."""
    async with process(home) as bot:
        await bot.says("ready")
        await sam.until(lambda: len(home.server.calls("getUpdates")) >= 2)

        await stops_cleanly(bot)


async def test_it_stops_during_a_silence_that_telegram_asked_for(home: Home, sam: Person) -> None:
    """The card that could not be shown is shown at the next start."""
    async with process(home) as bot:
        await bot.says("ready")
        await Walker(sam, Random(1)).begin(until_item=2)
        await sam.settled()
        home.server.fault(method="editMessageText", kind="too_many", retry_after=600)
        await sam.click("No")
        await sam.until(lambda: home.server.faults.left == 0)

        await stops_cleanly(bot)


async def test_it_stops_while_telegram_cannot_be_reached(home: Home, sam: Person) -> None:
    """In the middle of a conversation."""
    async with process(home) as bot:
        await bot.says("ready")
        await Walker(sam, Random(1)).begin(until_item=2)
        await home.server.stop()
        await bot.says("not reached")

        await stops_cleanly(bot)


async def test_it_stops_before_it_has_ever_reached_telegram(home: Home) -> None:
    """It waits for Telegram at the start, and can be told not to."""
    await home.server.stop()
    async with process(home) as bot:
        await bot.says("not reached")

        await stops_cleanly(bot)


async def test_it_stops_while_telegram_takes_a_call_and_never_answers(home: Home, sam: Person) -> None:
    """At the very first question."""
    home.server.fault(method="getMe", kind="late", seconds=60)
    async with process(home) as bot:
        await sam.until(lambda: bool(home.server.calls("getMe")))

        await stops_cleanly(bot)


async def test_it_starts_as_soon_as_telegram_can_be_reached(home: Home, sam: Person) -> None:
    """And heeds a silence that is asked for at the first question."""
    home.server.fault(method="getMe", kind="error_502")
    home.server.fault(method="getMe", kind="too_many", retry_after=1)
    async with process(home) as bot:
        await bot.says("ready")

        await stops_cleanly(bot)


Spoil = Callable[[Home], dict[str, str]]


def open_key(home: Home) -> dict[str, str]:
    """A key file that others can read."""
    home.key_file.chmod(0o644)
    return {}


def no_database(home: Home) -> dict[str, str]:
    """A store that is no database."""
    home.store.write_text("this is not a database, only words, and more than a header of them\n" * 100)
    return {}


WRONG: dict[str, tuple[Spoil, str]] = {
    "token refused": (lambda _: {"SERAF_TELEGRAM_TOKEN": "123:wrong"}, "Telegram refuses this token"),
    "token malformed": (lambda _: {"SERAF_TELEGRAM_TOKEN": "hunter two"}, "SERAF_TELEGRAM_TOKEN"),
    "token missing": (lambda _: {"SERAF_TELEGRAM_TOKEN": ""}, "SERAF_TELEGRAM_TOKEN is missing"),
    "pack": (lambda home: {"SERAF_PACK": str(home.folder / "none")}, "SERAF_PACK"),
    "key missing": (lambda home: {"SERAF_KEY_FILE": str(home.folder / "none")}, "There is no key file"),
    "key open": (open_key, "is open to others"),
    "store": (no_database, "not a database"),
    "store is a folder": (lambda home: {"SERAF_STORE": str(home.folder)}, "could not be opened"),
    "admitted": (lambda _: {"SERAF_ADMITTED": "7,@sam,-1"}, "SERAF_ADMITTED: entry 2, 3"),
    "address": (lambda _: {"SERAF_TELEGRAM_API": "telegram"}, "SERAF_TELEGRAM_API"),
    "port": (lambda _: {"SERAF_TELEGRAM_API": "http://127.0.0.1:99999"}, "SERAF_TELEGRAM_API"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_it_does_not_start_with_anything_wrong(home: Home, name: str) -> None:
    """Exit status 2, one clear line, no traceback, and never what was written where a secret should be."""
    spoil, said = WRONG[name]

    async with process(home, **spoil(home)) as bot:
        status = await bot.ended()

    assert status == 2, bot.said
    assert said in bot.said
    assert len(bot.said.strip().splitlines()) == 1
    assert not re.search(r"Traceback|hunter|123:wrong", bot.said)


async def test_every_wrong_setting_gets_a_line(home: Home) -> None:
    """All at once, so that nobody has to start five times."""
    async with process(home, SERAF_TELEGRAM_TOKEN="a b", SERAF_TELEGRAM_API="x", SERAF_ADMITTED="y") as bot:
        status = await bot.ended()

    assert status == 2
    assert [line.split()[1] for line in bot.said.splitlines()] == [
        "SERAF_TELEGRAM_TOKEN:",
        "SERAF_TELEGRAM_API:",
        "SERAF_ADMITTED:",
    ]


async def test_a_store_of_another_key_does_not_start(home: Home, tmp_path: Path, sam: Person) -> None:
    """The fault names both key files and quotes neither."""
    async with process(home) as bot:
        await bot.says("ready")
        await stops_cleanly(bot)
    other = Home(tmp_path, home.server)
    other.key_file.unlink()
    other = Home(tmp_path, home.server)

    async with process(other) as bot:
        status = await bot.ended()

    assert status == 2
    assert "sealed with another key file" in bot.said
    assert other.settings.key_file.read_text().split('"seal": "')[1][:20] not in bot.said
