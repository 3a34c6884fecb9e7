"""Promise P14 in Telegram: while the disk is full, a tap is reported as unsaved, and it counts once there is space."""

from functools import partial
from pathlib import Path
from random import Random

import pytest

from tests.fakes.telegram import FakeClock, FakeTelegram, Person, Tap
from tests.support.abreast import abreast
from tests.support.counts import times
from tests.support.places import ROOT
from tests.support.promising import Promise
from tests.support.store.cutting import limit
from tests.support.store.failing_disk import FailingDisk
from tests.support.telegram.bots import Process, process, python_process
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import Walker, is_result, item_number

ABREAST = 5
"""The number of bots that are tested at the same time, each with its own store and fake Telegram."""

PATIENCE = 60.0
NOT_SAVED = "Not saved yet. The bot is trying again. If you need to call, do not wait."


def moved(person: Person, item: int) -> bool:
    return item_number(person.card) != item


async def tapped(person: Person, walker: Walker) -> tuple[Tap, str]:
    tap = await person.click(walker.next_label(person.card))
    return tap, (await person.answered(tap, timeout=PATIENCE)).text


async def honest(home: Home, walker: Walker, bot: Process) -> None:
    """Limit the file size for the bot during one tap; check that an unsaved tap is reported and counts afterwards."""
    sam, draw = walker.person, walker.draw
    before, item = await home.session(SAM), item_number(sam.card)
    limit(bot.pid, draw.choice((0, draw.randrange(4096), draw.randrange(home.store.stat().st_size))))
    _, said = await tapped(sam, walker)
    stored = await home.session(SAM)
    assert said in (NOT_SAVED, "")
    assert (said == "") == (stored != before)
    limit(bot.pid, -1)
    await sam.until(partial(moved, sam, item), timeout=PATIENCE)
    assert (await home.session(SAM)).card > before.card


async def goes_through(folder: Path, draw: Random, *, sizes: int) -> None:
    """Let one person complete SERAFs, and fill the disk of the bot for `sizes` of the taps."""
    async with FakeTelegram() as server:
        home, sam = Home(folder, server), server.person(SAM)
        walker = Walker(sam, draw)
        async with process(home) as bot:
            await bot.says("ready", seconds=PATIENCE)
            await walker.begin()
            for _ in range(sizes):
                await sam.settled()
                if item_number(sam.card) in (0, 30):
                    await walker.begin_again()
                    await walker.walk(until_item=1)
                    await sam.settled()
                await honest(home, walker, bot)
            if not is_result(sam.card):
                await walker.finish()
            assert "Traceback" not in bot.said


@pytest.mark.prove
async def test_a_full_disk_is_honest(tmp_path: Path, promise: Promise) -> None:
    """Promise P14: whatever space is left, acknowledged taps are stored, others are reported, and the bot recovers."""
    bots, sizes = times(10, 1), times(50, 2)

    async def one(seed: int) -> None:
        await goes_through(tmp_path / str(seed), Random(seed), sizes=sizes)

    await abreast(range(14, 14 + bots), one, at_once=ABREAST)

    asked = bots * sizes
    promise.reached("P14", asked=asked, reached=asked, of="sizes of a full disk under the whole bot")


async def test_a_disk_that_the_log_has_filled_saves_on(tmp_path: Path) -> None:
    """When the write-ahead log fills the disk, the bot moves it into the database file and saves every tap."""
    disk = FailingDisk(tmp_path)
    async with FakeTelegram() as server:
        home, sam = Home(tmp_path, server), server.person(SAM)
        walker, other = Walker(sam, Random(1)), [Path(f"{home.store}{end}") for end in ("", "-wal", ".reserve")]
        async with python_process(home, folder=ROOT, **disk.environment) as bot:
            await bot.says("ready", seconds=PATIENCE)
            await walker.begin(until_item=20)
            await sam.settled()
            before = [path.stat().st_size for path in other]
            with disk.holding(sum(before)):
                said = set()
                for _ in range(5):
                    said.add((await tapped(sam, walker))[1])
                    await sam.settled()
            assert "not saved" not in bot.said

    assert (said, before[1] > 2 * before[0]) == ({""}, True)


async def test_a_tap_that_expires_at_telegram_while_the_disk_is_full_counts_later(tmp_path: Path) -> None:
    """The bot promised to retry, so it remembers the tap itself. It answers the tap once, and not at every retry."""
    clock = FakeClock()
    async with FakeTelegram(clock=clock) as server:
        home, sam = Home(tmp_path, server), server.person(SAM)
        walker = Walker(sam, Random(1))
        async with process(home) as bot:
            await bot.says("ready", seconds=PATIENCE)
            await walker.begin(until_item=2)
            await sam.settled()
            limit(bot.pid, 0)
            _, said = await tapped(sam, walker)
            answers = len(server.calls("answerCallbackQuery"))
            clock.advance(minutes=5)
            await sam.until(lambda: not server.pending)
            asked = len(server.calls("getUpdates"))
            await sam.until(lambda: len(server.calls("getUpdates")) >= asked + 2)
            assert len(server.calls("answerCallbackQuery")) == answers
            limit(bot.pid, -1)

            await sam.until(lambda: item_number(sam.card) == 3)

            assert said == NOT_SAVED
            assert (await home.session(SAM)).answers.items == walker.planned(2)
