"""Tests that nobody is misinformed and others can go on while the store cannot save, or cannot read a person's data."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from structlog.testing import capture_logs

from bot.storage.values import Inbound
from dialogs.core.codec import UNSHARED, encode
from tests.bot.storage.sqlite.test_full_disk import small_disk
from tests.fakes.telegram import Person
from tests.support.store.builders import changed
from tests.support.telegram.bots import running
from tests.support.telegram.fixtures import real_time
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.walker import Walker, come_to_item, item_number

clock = real_time()


async def test_a_person_after_a_hundred_unsaved_updates_is_answered_too(home: Home) -> None:
    """Telegram delivers at most 100 unconfirmed updates at once. The bot reads on past them and forgets none."""
    crowd = [home.server.person(number) for number in range(2000, 2130)]
    with capture_logs():
        async with running(replace(home, admitted=frozenset(range(2000, 2130)))):
            await crowd[0].ask("/start")
            with small_disk(0):
                for person in crowd:
                    await person.send("/contacts")
                for person in (crowd[0], crowd[-1]):
                    await person.sees("Nothing can be saved now")
            await crowd[-1].until(lambda: len(crowd[-1].chat) == 1 and "Nothing" not in crowd[-1].card.text, timeout=20)

    for person in (crowd[0], crowd[-1]):
        record = await home.record(person.chat_id)
        assert record is not None
        assert record.active is not None


async def test_a_card_whose_sending_cannot_be_noted_is_sent_when_it_can(home: Home, sam: Person) -> None:
    with capture_logs() as lines:
        async with running(home):
            await come_to_item(sam, 2)
            home.server.fault(method="editMessageText", kind="delay", seconds=0.5)
            tap = await sam.click("No")
            await sam.answered(tap)
            await sam.send("hello")
            await sam.until(lambda: not home.server.pending)
            sent = len(home.server.calls("sendMessage"))
            with small_disk(0):
                await sam.until(lambda: item_number(sam.card) == 3)
                await asyncio.sleep(0.5)
                assert len(home.server.calls("sendMessage")) == sent

            await sam.sees("Nothing was found")
            await sam.until(lambda: len(sam.chat) == 1)

    assert "not noted" in [line["event"] for line in lines]


async def test_a_session_of_a_newer_release_is_left_alone_and_others_continue(home: Home, sam: Person) -> None:
    kim = home.server.person(KIM)
    with capture_logs() as lines:
        async with running(home):
            await come_to_item(sam, 2)
            newer = encode(await home.session(SAM)).replace(f'"v":{UNSHARED}', '"v":99')
        store, now = await home.opened(), datetime.now(UTC)
        await store.turns([Inbound("tomorrow", now, f"telegram:{SAM}", changed(case=newer), None)])
        await store.close()

        async with running(home):
            answer = await sam.answered(await sam.click("No"))
            await Walker(kim, Random(1)).begin(until_item=3)

    record = await home.record(SAM)
    assert "Something went wrong here (error " in answer.text
    assert record is not None
    assert json.loads(record.case or "")["v"] == 99
    assert {line["error"].split()[0] for line in lines if line["event"] in ("failed", "refused")} == {"NewerSession"}


async def test_a_bot_that_is_refused_and_hushed_at_first_comes_up(home: Home, sam: Person) -> None:
    home.server.fault(method="getMe", kind="error_502")
    home.server.fault(method="getMe", kind="too_many", retry_after=1)
    async with running(home):
        await sam.send("/start")
        await sam.sees("SERAF consultation")

    first, second, third = (call.at for call in home.server.calls("getMe"))
    assert third - second >= 1.0
    assert second > first
