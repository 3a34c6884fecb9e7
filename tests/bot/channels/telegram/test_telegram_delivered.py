"""Tests that deliveries of “whom to call” are recorded, and that probe cards check that a delivery still works."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram import connecting
from bot.operations import watching
from bot.watch import vitals
from tests.fakes.telegram import FakeTelegram, Person
from tests.support.telegram.bots import running
from tests.support.telegram.fixtures import real_time
from tests.support.telegram.home import KIM, Home
from tests.support.telegram.monitors import asked, free_address, until_ails

clock = real_time()


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(connecting, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(connecting, "EVERY", 0.3)
    monkeypatch.setattr(vitals, "UNDELIVERED", timedelta(seconds=0.5))


@pytest.fixture
def home(server: FakeTelegram, tmp_path: Path) -> Iterator[Home]:
    yield Home(tmp_path, server, watch_address=free_address(), watch_chat=KIM, roles={KIM: "admin"})
    assert server.violations == []


def probes(server: FakeTelegram) -> list[dict[str, Any]]:
    return [each.params for each in server.calls("sendMessage") if "checks that this can reach you" in str(each.params)]


def standing(person: Person) -> int:
    return sum("checks that this can reach you" in message.text for message in person.chat)


async def test_monitors_see_when_whom_to_call_was_delivered(server: FakeTelegram, home: Home, sam: Person) -> None:
    here = Home(home.folder, server, watch_address=home.watch_address)
    async with running(here):
        await sam.ask("/start")
        before = await until_ails(here.watch_address), await asked(here.watch_address, "/metrics")
        await sam.send("/urgent")
        await sam.sees("999")
        await sam.settled()
        after = await until_ails(here.watch_address), await asked(here.watch_address, "/metrics")
    async with running(here):
        await until_ails(here.watch_address)
        again = await asked(here.watch_address, "/metrics")

    name = "seraf_delivered_time_seconds"
    assert (before[0].delivered, before[1].number(name)) == (None, None)
    assert after[0].delivered is not None
    assert after[1].number(name) == pytest.approx(again.number(name), abs=1.0)


async def test_a_card_is_sent_now_and_then_and_taken_away(server: FakeTelegram, home: Home) -> None:
    kim = server.person(KIM)
    async with running(home):
        await kim.send("/help")
        await kim.sees("Help")
        await kim.until(lambda: len(probes(server)) >= 3, timeout=20)
        await until_ails(home.watch_address)

    assert {(each["chat_id"], each["disable_notification"]) for each in probes(server)} == {(KIM, True)}
    assert all("999" in each["text"] and "reply_markup" not in each for each in probes(server))
    assert ["/start begins" in message.text for message in kim.chat] == [True]


async def test_no_card_is_left_by_a_run_that_could_not_take_it_away(server: FakeTelegram, home: Home) -> None:
    kim = server.person(KIM)
    removing = ("deleteMessage", "deleteMessages", "editMessageText")
    async with running(home):
        await kim.send("/help")
        await kim.sees("Help")
        await kim.settled()
        server.fault_until(datetime.max.replace(tzinfo=UTC), kind="error_502", methods=removing)
        await kim.until(lambda: standing(kim) >= 3, timeout=20)
    server.faults.heal()
    assert standing(kim) >= 3

    async with running(Home(home.folder, server, watch_address=home.watch_address)):
        await kim.until(lambda: standing(kim) == 0, timeout=20)


@pytest.mark.parametrize("method", ["sendMessage", "deleteMessage"])
async def test_an_undelivered_probe_alarms_until_a_delivery(
    server: FakeTelegram, home: Home, sam: Person, method: str
) -> None:
    kim = server.person(KIM)
    async with running(home):
        await kim.send("/help")
        await until_ails(home.watch_address)
        server.fault(method=method, kind="too_many", chat=KIM, retry_after=600)
        await until_ails(home.watch_address, "whom to call did not arrive")

        await sam.send("/urgent")
        await sam.sees("999")
        await until_ails(home.watch_address)


async def test_a_closed_chat_is_logged(server: FakeTelegram, home: Home, sam: Person) -> None:
    """The log must name the closed chat. Otherwise the alarm would suggest that Telegram is at fault."""
    with capture_logs() as lines:
        async with running(home):
            await sam.until(
                lambda: any(line["event"] == "the chat for the probe is shut" for line in lines), timeout=20
            )
            await until_ails(home.watch_address, "whom to call did not arrive")
