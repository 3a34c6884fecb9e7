"""Copies of the bot while the database fails over: people are told whom to call, nothing is lost or doubled, and one copy leads (P41)."""

import asyncio
import os
import signal
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.storage.values import Reminder
from tests.bot.channels.telegram.faults.test_telegram_copies import SOON, copy_of
from tests.fakes.telegram import FakeTelegram, Person
from tests.support.counts import times
from tests.support.places import ROOT
from tests.support.promising import Promise
from tests.support.store.server import Server, cluster, new_database, standby
from tests.support.telegram.bots import process, python_process
from tests.support.telegram.by_day import AHEAD, PROGRAM, until_day
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.monitors import asked, free_address
from tests.support.telegram.walker import Walker

NUMBER = "999"


def is_told(sam: Person) -> bool:
    """True if Sam's chat shows whom to call, as it does while nothing can be saved."""
    return any("Nothing can be saved now" in message.text and NUMBER in message.text for message in sam.chat)


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
            await sam.until(lambda: len(sam.chat) == 1 and NUMBER in sam.card.text, timeout=SOON, what="no single card")
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
        leader, other = [
            await stack.enter_async_context(
                python_process(copy_of(home, name, home.address), program=PROGRAM, folder=ROOT, **clock)
            )
            for name in ("first", "second")
        ]
        await leader.says("ready", seconds=30)
        if "leads" not in leader.said:
            leader, other = other, leader
        walker = Walker(sam, draw)
        await walker.begin(until_item=2)
        for number in range(rounds):
            reference, led = (
                f"BRISK OTTER {number + 10}",
                (leader.said.count("leads no more"), other.said.count("ready")),
            )
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
                while leader.said.count("leads no more") == led[0]:
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
