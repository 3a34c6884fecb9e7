"""One copy leads: it is replaced within ten seconds when it dies, hangs or is cut off, and no tap is lost or counted twice."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.crypto.keys import create_key_file
from bot.operations.rotation import rotate_keys
from bot.storage.values import Reminder
from tests.fakes.telegram import FakeTelegram, Person
from tests.support.counts import times
from tests.support.places import ROOT
from tests.support.promising import Promise
from tests.support.store.relay import Relay, relayed
from tests.support.store.server import Server, cluster, new_database, standby
from tests.support.telegram.bots import Process, process, python_process
from tests.support.telegram.by_day import AHEAD, PROGRAM, until_day
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.monitors import asked, free_address
from tests.support.telegram.walker import Walker

SOON = 10.0
"""Seconds within which another copy leads."""

EMERGENCY = "999"


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


async def test_a_copy_that_began_without_the_key_file_stands_by_once_it_has_it_and_can_take_over(
    copies: Copies,
) -> None:
    """While it has no store it asks whether it may tell people whom to call, and gives way. That is over with the key file."""
    third = replace(copy_of(copies.home, "third", copies.home.address), is_newcomer=True, watch_address=free_address())
    key_file = third.folder / "another.key"
    create_key_file(key_file)
    async with process(third, SERAF_KEY_FILE=str(key_file)) as copy:
        await copy.says("another program polls", seconds=2 * SOON)
        assert (await asked(third.watch_address, "/healthz")).ails == ["another program polls with its token"]
        shutil.copy2(third.key_file, key_file)
        await copy.says("stands by", seconds=2 * SOON)
        await copies.taps()
        assert (await asked(third.watch_address, "/healthz")).ails == []
        await copies.second.terminated()
        await copies.first.terminated()

        await copies.taps(seconds=SOON)

        assert "Traceback" not in copy.said
        await copies.finish()


def is_told(sam: Person) -> bool:
    """True if Sam's chat shows whom to call, as it does while nothing can be saved."""
    return any("Nothing can be saved now" in message.text and EMERGENCY in message.text for message in sam.chat)


async def test_a_promoted_standby_that_waits_for_another_is_said_and_seen(server: FakeTelegram, tmp_path: Path) -> None:
    with cluster() as first, standby(first) as second:
        first.run("CREATE DATABASE seraf")
        first.waits_for_standby()
        # As a standby that was copied after that: it waits for a standby too once it is promoted.
        second.follow(first)
        home = replace(Home(tmp_path, server, address=first.address("seraf", second)), watch_address=free_address())
        async with process(home) as bot:
            await bot.says("ready", seconds=30)
            sam = server.person(SAM)
            walker = Walker(sam, Random(1))
            await walker.begin(until_item=3)
            await sam.settled()
            before = await home.session(SAM)
            first.signal("immediate")
            second.promote()
            tap = await sam.click(walker.next_label(sam.card))

            assert (await sam.answered(tap)).text.startswith("Not saved")
            await sam.send("/urgent")
            await sam.until(lambda: is_told(sam), timeout=SOON, what="nobody said whom to call")
            await bot.says("synchronous standby", seconds=2 * SOON)
            assert "synchronous standby" in bot.said
            for _ in range(times(30, 10)):  # longer than a lease lasts
                assert (await asked(home.watch_address, "/readyz")).status == 503
                assert (await asked(home.watch_address, "/healthz")).ails == ["cannot keep what it hears"]
                await asyncio.sleep(1)
            tap = await sam.click(walker.next_label(sam.chat[0]), on=sam.chat[0])
            assert (await sam.answered(tap)).text.startswith("Not saved")

            second.waits_for_standby(False)
            await sam.until(lambda: not server.pending, timeout=2 * SOON, what="it does not go on")
            await sam.settled()
            await sam.until(
                lambda: len(sam.chat) == 1 and EMERGENCY in sam.card.text, timeout=SOON, what="no single card"
            )
            assert not is_told(sam)
            after = await home.session(SAM)
            assert len(after.answers.items) == 3
            assert after.card == before.card + 2  # by the tap, and by asking for the numbers
            assert (await asked(home.watch_address, "/readyz")).status == 200
            await sam.press("Back")
            await walker.finish()
            await sam.settled()
            assert len(sam.chat) == 1
            assert server.violations == []
            assert "Traceback" not in bot.said
            assert "event=failed" not in bot.said


@pytest.mark.prove
async def test_a_leader_that_hangs_and_wakes_leads_no_more(
    database_server: Server, server: FakeTelegram, tmp_path: Path, promise: Promise
) -> None:
    """P41: a review falls due while it hangs. There is one card, one reminder and one poller."""
    rounds, seconds, draw = times(6, 1), times(30, 12), Random(41)
    ahead = until_day(datetime.now(UTC))
    clock = {AHEAD: str(ahead.total_seconds())}
    home, sam = Home(tmp_path, server, address=new_database()), server.person(SAM)
    async with AsyncExitStack() as stack:
        copies = []
        for name, word in (("first", "ready"), ("second", "stands by")):
            copy = python_process(copy_of(home, name, home.address), program=PROGRAM, folder=ROOT, **clock)
            copies.append(await stack.enter_async_context(copy))
            await copies[-1].says(word, seconds=30)
        leader, other = copies
        walker = Walker(sam, draw)
        await walker.begin(until_item=2)
        for number in range(rounds):
            reference, lost = f"BRISK OTTER {number + 10}", leader.said.count("leads no more")
            await sam.settled()
            os.kill(leader.pid, signal.SIGSTOP)
            ends = time.monotonic() + seconds
            due = datetime.now(UTC) + ahead + timedelta(seconds=draw.random() * 5)
            store = await home.opened()
            await store.write(lambda t, due=due, of=reference: t.reminders.keep(Reminder(f"telegram:{SAM}", of, due)))  # type: ignore[misc]
            await store.close()
            await sam.until(lambda of=reference: of in sam.card.text, timeout=2 * SOON, what="no reminder")  # type: ignore[misc]
            await asyncio.sleep(max(0.0, ends - time.monotonic()))

            os.kill(leader.pid, signal.SIGCONT)
            async with asyncio.timeout(SOON):
                while leader.said.count("leads no more") == lost:
                    await asyncio.sleep(0.05)
            await sam.settled()
            polls = len(server.calls("getUpdates"))
            await asyncio.sleep(4)

            assert len(server.calls("getUpdates")) - polls <= 1
            assert sum(reference in str(call.params.get("text")) for call in server.calls("sendMessage")) == 1
            assert len(sam.chat) == 1
            leader, other = other, leader
            await sam.press(walker.next_label(sam.card), timeout=SOON)
        await walker.finish()
        await sam.settled()
        assert len(sam.chat) == 1
        assert server.violations == []
        assert "Traceback" not in leader.said + other.said
    promise.reached(
        "P41", asked=rounds, reached=rounds, of="leaders that hung, with one card, one reminder, one poller"
    )
