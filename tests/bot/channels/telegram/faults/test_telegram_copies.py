"""One copy leads: it is replaced within ten seconds when it dies, hangs or is cut off, and no tap is lost or counted twice."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.operations.rotation import rotate_keys
from tests.fakes.telegram import FakeTelegram, Person
from tests.support.counts import times
from tests.support.store.relay import Relay, relayed
from tests.support.store.server import Server, new_database
from tests.support.telegram.bots import Process, process
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import Walker

SOON = 10.0
"""Seconds within which another copy leads."""


@dataclass(slots=True)
class Copies:
    """Two copies of the bot on one database, of which the first leads, and Sam, who is at item 3."""

    first: Process
    second: Process
    home: Home
    sam: Person
    walker: Walker
    relay: Relay
    """The way of the first copy to the database."""

    async def taps(self, *, seconds: float = SOON + 5) -> None:
        """Let Sam tap once, and wait for the next card."""
        shown = self.sam.card.text
        await self.sam.press(self.walker.next_label(self.sam.card))
        await self.sam.until(lambda: self.sam.chat[0].text != shown, timeout=seconds, what="no next card")

    async def finish(self) -> None:
        """Finish the SERAF: its points are those of Sam's plan, and the chat has one message."""
        await self.walker.finish()
        await self.sam.settled()
        assert len(self.sam.chat) == 1
        assert self.home.server.violations == []


def copy_of(home: Home, name: str, address: str) -> Home:
    folder = home.folder / name
    folder.mkdir(mode=0o700)
    shutil.copy2(home.key_file, folder / "seraf.key")
    return replace(home, folder=folder, address=address)


@pytest.fixture
async def copies(database_server: Server, server: FakeTelegram, tmp_path: Path) -> AsyncIterator[Copies]:
    address = new_database()
    name = address.partition("?")[0].rpartition("/")[2]
    async with AsyncExitStack() as stack:
        relay = stack.enter_context(relayed(database_server.folder))
        home = Home(tmp_path, server, address=address)
        first = await stack.enter_async_context(process(copy_of(home, "first", relay.address(name))))
        await first.says("ready")
        second = await stack.enter_async_context(process(copy_of(home, "second", address)))
        sam = server.person(SAM)
        walker = Walker(sam, Random(1))
        await walker.begin(until_item=3)
        assert "leads" in first.said
        assert "leads" not in second.said
        yield Copies(first, second, home, sam, walker, relay)
        assert "Traceback" not in first.said + second.said


async def test_a_copy_that_is_killed_is_replaced(copies: Copies) -> None:
    await copies.taps()
    copies.first.kill()
    begun = time.monotonic()

    await copies.taps()

    assert time.monotonic() - begun < SOON
    await copies.finish()


async def test_a_copy_that_is_stopped_gives_the_lead_up_at_once(copies: Copies) -> None:
    await copies.first.terminated()
    begun = time.monotonic()

    await copies.taps()

    assert time.monotonic() - begun < SOON / 2
    await copies.finish()


async def test_a_copy_that_hangs_is_replaced_and_sends_nothing_when_it_wakes(copies: Copies) -> None:
    await copies.taps()
    os.kill(copies.first.pid, signal.SIGSTOP)
    for _ in range(times(20, 3)):
        await copies.taps()
    sent = len(copies.home.server.calls("sendMessage"))

    os.kill(copies.first.pid, signal.SIGCONT)
    await copies.first.says("leads no more")
    await copies.taps()

    assert len(copies.home.server.calls("sendMessage")) == sent
    await copies.finish()


async def test_a_copy_that_is_cut_off_from_the_database_is_replaced(copies: Copies) -> None:
    copies.relay.holds, copies.first.said = True, ""

    await copies.taps(seconds=2 * SOON)

    assert "leads" in copies.second.said
    copies.relay.holds = False
    copies.relay.cut()
    # Meanwhile the first copy may have told Sam whom to call. It takes that away once it has the database again.
    await copies.first.says("stands by", seconds=4 * SOON)
    await copies.sam.until(lambda: len(copies.sam.chat) == 1, what="its card stays")
    await copies.taps()
    await copies.finish()


async def test_a_copy_without_the_keys_of_a_rotation_stops_and_another_serves_until_it_has_them(copies: Copies) -> None:
    await copies.taps()
    first, second = (copies.home.folder / name / "seraf.key" for name in ("first", "second"))
    place = replace(copies.home.settings.store, path=second.with_name("seraf.postgresql"))
    await asyncio.to_thread(rotate_keys, place, second, at=datetime.now(UTC))

    await copies.taps(seconds=3 * SOON)
    await copies.first.says("sealed with another key file")
    copies.first.said = ""
    shutil.copy2(second, first)
    await copies.first.says("stands by", seconds=3 * SOON)
    await copies.second.terminated()

    await copies.taps()
    await copies.finish()
