"""Tests of the command line next to a running bot: an administrator's change shows in the chat within seconds."""

import asyncio
import re

from tests.fakes.telegram import FakeTelegram, Person
from tests.support.command_line.cli import run_apart
from tests.support.telegram.fixtures import begun_at, real_time
from tests.support.telegram.home import STRANGER, Home

NEUTRAL = "This is a private service. It cannot help you here."
SECONDS = 15.0

clock = real_time()

sam = begun_at(3)


async def said(home: Home, *words: str, **settings: str) -> str:
    ran = await asyncio.to_thread(run_apart, home.folder, *words, settings=home.environment | settings)
    assert (ran.status, ran.err) == (0, ""), ran
    return ran.out


async def test_a_person_who_needs_a_new_pin_is_asked_to_choose_one(home: Home, sam: Person) -> None:
    await said(home, "people", "renew", "7", "--new-pin")

    await sam.sees("Choose", timeout=SECONDS)


async def test_somebody_invited_comes_in_by_the_link_and_is_in_the_list(
    home: Home, server: FakeTelegram, running_bot: Home
) -> None:
    newcomer = server.person(STRANGER, first_name="New")
    await newcomer.send("/start")
    await newcomer.sees(NEUTRAL)
    out = await said(home, "people", "invite", "--role", "practitioner", "--name", "New one")

    found = re.search(r"https://t\.me/(\w+)\?start=(\w+)", out)
    assert found is not None
    await newcomer.start(found[2])

    await newcomer.sees("end-to-end", timeout=SECONDS)
    listed = await said(home, "people", "list")
    who = re.search(r"who will be ([0-9a-f]{8})", out)
    assert who is not None
    assert re.search(rf"^{who[1]} +practitioner +notice .*\n +New one$", listed, re.MULTILINE)


async def test_check_reports_a_running_bot(home: Home, sam: Person) -> None:
    ran = await asyncio.to_thread(run_apart, home.folder, "check", settings=home.environment | {"COLUMNS": "300"})

    assert "the bot runs with this store now" in ran.out
    assert "2 admitted" in ran.out
