"""P20 of docs/promises.md: whom to call is shown within 2 s whatever fails; nothing unsaved is called saved."""

import asyncio
import contextlib
import shutil
import sqlite3
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.crypto.keys import create_key_file, load_key_file
from seraf.errors import SerafError
from tests.fakes.telegram import FakeTelegram, Person
from tests.support.abreast import abreast
from tests.support.counts import IS_FULL, times
from tests.support.places import ROOT
from tests.support.promising import Promise
from tests.support.store.failing_disk import HOW, FailingDisk, held
from tests.support.telegram.bots import python_process, running
from tests.support.telegram.home import KIM, SAM, STRANGER, Home
from tests.support.telegram.walker import Walker, come_to_item, item_number

SECONDS = 2.0 if IS_FULL else 10.0
"""The limit in seconds for showing whom to call. A bounded run, beside many others, allows more."""

ABREAST = 3
"""The number of bots that run at the same time, each with its own store and fake Telegram."""

PATIENCE = 60.0
PAGE = 4096
HELD = "held by another"
TYPED = ("/urgent", "/call", "/contacts")
EMERGENCY, NUMBERS = "999", ("01454 866000", "01454 615165")
"""The telephone number that is always shown, and two of which at least one is shown, depending on the hour."""

Spoil = Callable[[Home], object]


async def shown(person: Person, act: Coroutine[Any, Any, object]) -> float:
    """Return how many seconds after `act` a message with the telephone numbers is in the chat."""
    seen, begun = len(person.acts), time.monotonic()
    await act

    def is_shown() -> bool:
        new = [each.message.text for each in person.acts[seen:] if each.deed in ("sent", "edited") and each.message]
        return any(EMERGENCY in text and any(number in text for number in NUMBERS) for text in new)

    await person.until(is_shown, timeout=PATIENCE, what="no number")
    return time.monotonic() - begun


async def typed(person: Person) -> list[float]:
    return [await shown(person, person.send(text)) for text in TYPED]


async def asked_in_every_way(server: FakeTelegram) -> list[float]:
    """Let a person ask by button and command, and another and a stranger by command. Return the seconds taken."""
    sam = server.person(SAM)
    if not sam.keyboard_message:
        await shown(sam, sam.send("/start"))
    took = [await shown(sam, sam.click("Urgent"))]
    for each in await asyncio.gather(*(typed(server.person(number)) for number in (SAM, KIM, STRANGER))):
        took += each
    return took


def in_time(took: list[float]) -> int:
    return sum(each <= SECONDS for each in took)


async def asked_while_it_fails(folder: Path, draw: Random, *, ways: Sequence[str]) -> list[float]:
    """Let the store of a running bot fail in each of these ways. Return the seconds that each request took."""
    took: list[float] = []
    async with FakeTelegram() as server:
        home, sam = Home(folder, server), server.person(SAM)
        disk, walker = FailingDisk(folder), Walker(sam, draw)
        async with python_process(home, folder=ROOT, **disk.environment) as bot:
            await bot.says("ready", seconds=PATIENCE)
            await walker.begin(until_item=2)
            for how in ways:
                await sam.settled()
                before = item_number(sam.card)
                with held(home.store) if how == HELD else disk.failing(how):
                    tap = await sam.click("No")
                    answer = await sam.answered(tap)
                    assert answer.text.startswith("Not saved"), (how, answer.text)
                    took += await asked_in_every_way(server)
                await sam.until(
                    lambda: len(sam.chat) == 1 and sam.card.text.startswith("Who to call"), timeout=PATIENCE
                )
                await sam.press("Back")
                await sam.until(lambda at=before + 1: item_number(sam.card) == at, what=how)  # type: ignore[misc]
            assert "Traceback" not in bot.said
    return took


@pytest.mark.prove
async def test_a_store_that_fails_under_the_running_bot_keeps_nobody_from_the_numbers(
    tmp_path: Path, promise: Promise
) -> None:
    """P20: full disk, errors on write or sync, hanging or read-only disk, a lock. Later, each tap counts once."""
    ways = (*HOW, HELD) if IS_FULL else ("full", "a sync that hangs", HELD)

    async def one(number: int) -> list[float]:
        return await asked_while_it_fails(tmp_path / str(number), Random(number), ways=ways[number:] + ways[:number])

    took = [each for some in await abreast(range(times(3, 1)), one, at_once=ABREAST) for each in some]

    promise.reached(
        "P20", asked=len(took), reached=in_time(took), of="numbers within 2 s: the disk fails under the running bot"
    )


async def asked_at_a_start(folder: Path, how: str) -> list[float]:
    """Start a bot on a disk that fails in this way, then repair the disk. Return the seconds of each request."""
    async with FakeTelegram() as server:
        home = Home(folder, server)
        await home.admit()
        disk = FailingDisk(folder)
        with contextlib.ExitStack() as failing:
            failing.enter_context(disk.failing(how))
            async with python_process(home, folder=ROOT, **disk.environment) as bot:
                took = await asked_in_every_way(server)
                failing.close()
                await bot.says("ready", seconds=PATIENCE)
                assert "ready" in bot.said, bot.said
    return took


@pytest.mark.prove
async def test_a_bot_that_starts_on_a_failing_disk_answers_all_the_same(tmp_path: Path, promise: Promise) -> None:
    """P20: the disk was full or failed before the start. Restarting the bot makes nothing worse."""
    ways = tuple(HOW) if IS_FULL else ("full",)

    async def one(number: int) -> list[float]:
        return await asked_at_a_start(tmp_path / str(number), ways[number])

    took = [each for some in await abreast(range(len(ways)), one, at_once=ABREAST) for each in some]

    promise.reached("P20", asked=len(took), reached=in_time(took), of="numbers within 2 s: a start on a failing disk")


def page_damaged(number: int) -> Spoil:
    def spoil(home: Home) -> None:
        content = bytearray(home.store.read_bytes())
        content[number * PAGE : (number + 1) * PAGE] = Random(number).randbytes(PAGE)
        home.store.write_bytes(content)

    return spoil


STATES: dict[str, Spoil] = {
    HELD: lambda _: None,
    "empty": lambda home: home.store.write_bytes(b""),
    "no database": lambda home: home.store.write_text("only words\n" * 1000),
    "no key": lambda home: home.key_file.unlink(),
    "another key": lambda home: create_key_file(home.key_file.rename(home.folder / "old").with_name("seraf.key")),
    "a folder": lambda home: home.store.rename(home.folder / "old.sqlite").with_name("seraf.sqlite").mkdir(),
}


class Causes:
    """The bots started without a usable store, and a count of their log entries with the cause, one for each bot."""

    def __init__(self, lines: list[Any]) -> None:
        self.begun, self._lines = 0, lines

    @property
    def said(self) -> int:
        return sum(line["event"] == "without a store" for line in self._lines)

    async def after(self, asking: Awaitable[list[float]]) -> list[float]:
        took = await asking
        async with asyncio.timeout(PATIENCE):
            while self.said < self.begun:
                await asyncio.sleep(0.02)
        return took


async def asked_without_a_store(
    folder: Path, whole: Home, *, states: Mapping[str, Spoil], causes: Causes
) -> list[float]:
    """Start a bot on the store in each state. Return the seconds of each request. Each bot ends with an error."""
    took: list[float] = []
    async with FakeTelegram() as server:
        for name, spoil in states.items():
            home = Home(folder / name, server, admitted=frozenset())
            shutil.copy(whole.store, home.store)
            shutil.copy(whole.key_file, home.key_file)
            spoil(home)
            lies = home.store.read_bytes() if home.store.is_file() else b""
            holding = held(home.store) if name == HELD else contextlib.nullcontext()
            causes.begun += 1
            with holding, pytest.raises(SerafError, match=r"database|key file"):
                async with running(home):
                    took += await causes.after(asked_in_every_way(server))
            assert not lies or home.store.read_bytes() == lies, name
            assert "Nothing can be saved now" in server.person(SAM).card.text
    return took


@pytest.mark.prove
async def test_a_bot_that_finds_no_store_of_use_answers_all_the_same(tmp_path: Path, promise: Promise) -> None:
    """P20: each page of the database damaged in turn, no key file, another key, no database. No file is changed."""
    whole = Home(tmp_path, FakeTelegram())
    await whole.admit()
    pages = range(whole.store.stat().st_size // PAGE)
    states = STATES | {f"page {number}": page_damaged(number) for number in pages[:: times(1, 16)]}

    with capture_logs() as lines:
        causes = Causes(lines)

        async def one(number: int) -> list[float]:
            mine = dict(list(states.items())[number::ABREAST])
            return await asked_without_a_store(tmp_path, whole, states=mine, causes=causes)

        took = [each for some in await abreast(range(ABREAST), one, at_once=ABREAST) for each in some]

    assert causes.said == causes.begun == len(states), "each says it once, and then by the minute"
    promise.reached(
        "P20", asked=len(took), reached=in_time(took), of="numbers within 2 s: damaged pages, no key, no database"
    )


async def test_messages_shown_without_the_store_are_removed_after_a_crash_too(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        home, sam, stranger = Home(tmp_path, server), server.person(SAM), server.person(STRANGER)
        disk = FailingDisk(tmp_path)
        async with python_process(home, folder=ROOT, **disk.environment) as bot:
            await bot.says("ready", seconds=PATIENCE)
            await come_to_item(sam, 2)
            with disk.failing("full"):
                for person in (sam, stranger):
                    await shown(person, person.send("/urgent"))
                    assert "Nothing can be saved now" in person.card.text
                await asyncio.sleep(0.5)
                bot.kill()
        noted = home.store.with_name("seraf.sqlite.unsaved").read_bytes()
        server.world.updates.clear()  # otherwise their messages would come again, and each would bring a new card

        async with python_process(home, folder=ROOT) as bot:
            for person in (sam, stranger):
                await person.until(lambda who=person: "Nothing can be saved" not in str(who.chat), timeout=PATIENCE)  # type: ignore[misc]
            await sam.until(lambda: item_number(sam.card) == 2)
            await bot.terminated()
        after = home.store.with_name("seraf.sqlite.unsaved").read_bytes()

    assert b"telegram" not in noted
    assert (len(noted), any(noted), any(after)) == (len(after), True, False)


async def test_a_store_that_is_damaged_under_the_running_bot_is_left_alone(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        home, sam = Home(tmp_path, server), server.person(SAM)
        async with python_process(home, folder=ROOT) as bot:
            await bot.says("ready", seconds=PATIENCE)
            await come_to_item(sam, 2)
            with contextlib.closing(sqlite3.connect(home.store)) as other:
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with home.store.open("r+b") as file:
                file.seek(PAGE)
                file.write(Random(1).randbytes(home.store.stat().st_size - PAGE))

            await sam.click("No")
            await bot.says("without a store", seconds=PATIENCE)
            await shown(sam, sam.send("/urgent"))
            assert "damaged" in bot.said


@pytest.mark.prove
@pytest.mark.parametrize("spoilt", ["people SET profile", "people SET shown", "standings SET body", "cases SET body"])
async def test_a_damaged_row_stops_its_person_alone(tmp_path: Path, promise: Promise, spoilt: str) -> None:
    """P20: this person is shown whom to call and an error. The turns of other people in the same batch succeed."""
    async with FakeTelegram() as server:
        home, sam, kim = Home(tmp_path, server), server.person(SAM), server.person(KIM)
        async with running(home):
            for person in (sam, kim):
                await come_to_item(person, 2)
            mark = load_key_file(home.key_file).mark("person", f"telegram:{SAM}")
            with contextlib.closing(sqlite3.connect(home.store)) as other, other:
                own = "(SELECT kase FROM case_people WHERE person = ?)" if spoilt.startswith("cases") else "(?)"
                spoiling = other.execute(f"UPDATE {spoilt} = randomblob(200) WHERE mark IN {own}", (mark,))
                assert spoiling.rowcount == 1
            taps = [await person.click("No") for person in (sam, kim)]

            failed = await sam.answered(taps[0])
            await kim.until(lambda: item_number(kim.card) == 3)
            if spoilt.startswith("cases"):
                await sam.until(lambda: "BRISK OTTER 41 cannot be opened" in sam.card.text)
            else:
                assert failed.text.startswith("Something went wrong here")
            took = [
                await shown(sam, sam.click("Call now" if spoilt.startswith("cases") else "Urgent")),
                *await typed(sam),
            ]
    promise.reached("P20", asked=len(took), reached=in_time(took), of="numbers within 2 s: a damaged row")


async def test_a_returning_store_is_used_and_the_interim_message_is_removed(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        home, sam = Home(tmp_path, server), server.person(SAM)
        async with running(home):
            await come_to_item(sam, 2)
        away = home.store.rename(tmp_path / "away")
        home.store.write_bytes(b"")
        async with running(replace(home, admitted=frozenset())):
            answer = await sam.answered(await sam.click("No"))
            await sam.until(lambda: sam.card.text.startswith("Nothing can be saved now"))
            await shown(sam, sam.send("/urgent"))
            home.store.unlink()
            await asyncio.sleep(1.5)
            assert not home.store.exists()
            away.rename(home.store)

            await sam.until(lambda: len(sam.chat) == 1 and sam.card.text.startswith("In danger now"), timeout=30)
            await sam.press("Back")
            await sam.until(lambda: item_number(sam.card) == 3)
    assert answer.text.startswith("Not saved")
