"""P9 of docs/promises.md, at the lock screen: no log, even at DEBUG, has a PIN, code, name or error message."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.access.account import Account, read_account
from bot.access.admission import Invitation, make_who
from bot.crypto.at_random import make_code
from bot.storage.values import Issued
from dialogs.core.role import Role
from tests.bot.channels.telegram.faults.test_telegram_secrets import LOUD, forbidden
from tests.bot.channels.web.entrance.test_pin import form
from tests.fakes.telegram import FakeTelegram, Person
from tests.support.cheap_pins import real_pins
from tests.support.counts import times
from tests.support.people.admitting import PIN
from tests.support.promising import Promise
from tests.support.store.builders import issued
from tests.support.telegram.bots import python_process
from tests.support.telegram.home import SAM, Home
from tests.support.web.running import CLIENT, ISSUER, SECRET, SIGNED_IN, have_signed_in, home_of_pages, opened

NAME = "canary-name-of-an-administrator's"
WRONG_PIN = "759310"

FAILS = """
from bot.conversation.conversation import Conversation
def fails(*_, **__):
    raise ValueError("secret words")
Conversation.card = fails
"""


async def tap(person: Person, pin: str) -> None:
    for digit in pin:
        await person.press(digit)
    await person.settled()


async def come_in(person: Person, code: str) -> None:
    await person.send(f"/start {code}")
    await person.sees("Before you begin")
    await person.press("I understand")
    await person.sees("Choose a PIN")
    await tap(person, PIN)
    await person.sees("The same PIN again")
    await tap(person, PIN)
    await person.sees("SERAF consultation")
    await person.send("/lock")
    await person.sees("Tap your PIN")
    await person.settled()
    await tap(person, WRONG_PIN)
    await tap(person, PIN)
    await person.sees("SERAF consultation")


@pytest.mark.prove
async def test_no_logger_prints_a_pin_a_code_a_name_or_a_standing(tmp_path: Path, promise: Promise) -> None:
    """P9: admission, the notice, choosing a PIN, and entering it wrong and right, with every logger at DEBUG."""
    people, secret = times(50, 2), [PIN, WRONG_PIN, NAME]
    async with FakeTelegram() as server:
        home = Home(tmp_path, server, admitted=frozenset())
        store = await home.opened()
        async with python_process(home, program=("-X", "dev", "-c", LOUD)) as bot:
            await bot.says("ready")
            for number in range(1, people + 1):
                code, until = make_code(), datetime.now(UTC) + timedelta(days=1)
                await issued(store, Issued(code, Invitation(make_who(), Role.PRACTITIONER, NAME).text(), until))
                await come_in(server.person(number), code)
                found = await store.recall(f"telegram:{number}")
                access = read_account(found[0].access) if found else None
                assert found is not None
                assert isinstance(access, Account)
                secret += [code, code.lower(), access.pin.hash, found[0].access]
            await bot.terminated()
        await store.close()

    assert "ready" in bot.said
    assert [words for words in (*secret, *forbidden(home)) if words in bot.said] == []
    promise.reached("P9", asked=people, reached=people, of="people who came in, every logger at DEBUG")


@pytest.mark.prove
async def test_no_logger_prints_a_pin_that_was_typed_into_a_page(
    tmp_path: Path, unused_tcp_port: int, promise: Promise
) -> None:
    """P9: a wrong PIN, what is no PIN, and the right one, again and again, with every logger at DEBUG."""
    home, port, asked, tries = home_of_pages(tmp_path), unused_tcp_port, times(50, 2), 0
    with real_pins():
        await have_signed_in(home)
    loud = ("-X", "dev", "-c", LOUD.replace('"run"', '"web"'))
    async with python_process(
        home,
        program=loud,
        SERAF_WEB="cases",
        SERAF_WEB_BIND=f"127.0.0.1:{port}",
        SERAF_OIDC_ISSUER=ISSUER,
        SERAF_OIDC_CLIENT=CLIENT,
    ) as bot:
        kim = await opened(port, SECRET, cookie=SIGNED_IN)
        for _ in range(asked):
            await kim.command("lock")
            for pin in (WRONG_PIN, NAME, PIN):
                assert kim.page.heading == "Locked"
                await kim.send(form(kim.page, pin))
            assert kim.page.heading == "SERAF consultation"
            tries += 1
        await kim.close()
        await bot.terminated()

    assert [words for words in (WRONG_PIN, NAME, PIN, SECRET) if words in bot.said] == []
    promise.reached("P9", asked=asked, reached=tries, of="locked pages opened, every logger at DEBUG")


async def test_a_card_that_cannot_be_drawn_leaves_only_class_place_and_error_id(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        home, sam = Home(tmp_path, server), server.person(SAM)
        async with python_process(home, program=("-X", "dev", "-c", FAILS + LOUD)) as bot:
            await bot.says("ready")
            await sam.send("/start")
            result = await sam.sees("Something went wrong here")
            await bot.says("ValueError")
            await bot.terminated()

    found = re.search(r"\(error ([0-9a-f]{8})\)", result.text)
    assert found is not None
    assert re.search(rf"event=failed error=\"ValueError {found[1]}\" where=\S+:\d+\n", bot.said)
    assert "secret words" not in bot.said
    assert "Traceback" not in bot.said
