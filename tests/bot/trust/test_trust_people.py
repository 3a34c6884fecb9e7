"""Tests of an administrator who manages people over Telegram: what both phones show, and what is left on them."""

import asyncio
import re
from datetime import timedelta
from functools import partial, partialmethod

import pytest

from bot.access.account import Removed, read_account
from bot.cli.second_person import pin_decision
from bot.conversation.changes import removal, telling
from bot.crypto.keys import load_key_file
from bot.crypto.pins import Pins
from bot.operations.rotation import rotate_keys
from bot.storage.store import Store
from bot.storage.values import OutOfStep
from bot.trail.audit import AuditEvent
from dialogs.core.role import Role
from tests.bot.trust.test_trust_admission import come_in
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.command_line.cli import run
from tests.support.telegram.bots import At, running
from tests.support.telegram.fixtures import a_home
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.trusting import NEUTRAL, access_of, entries, invited, order, standing
from tests.support.telegram.walker import come_to_item, tap_pin

home = a_home(admitted=frozenset({SAM}), lock_minutes=10)


@pytest.fixture
def kim(server: FakeTelegram) -> Person:
    return server.person(KIM, first_name="Kim")


async def test_somebody_is_invited_given_a_role_and_removed_from_one_phone(
    running_bot: Home, clock: FakeClock, sam: Person, kim: Person
) -> None:
    await standing(running_bot, clock, role=Role.ADMIN)
    await sam.send("/people Duty desk 3")
    await sam.sees("Invite “Duty desk 3”?")
    await sam.press("Practitioner")
    await sam.sees("A code for Duty desk 3")
    found = re.search(r"^/start (\S+)$", "\n".join(message.text for message in sam.chat), re.MULTILINE)
    assert found is not None
    await sam.press("Done")
    await sam.sees("Let in: 1.")
    assert all(found[1] not in message.text for message in sam.chat)
    assert all("/people" not in message.text for message in sam.chat), "what was typed is removed"

    await come_in(kim, found[1])
    await kim.sees("SERAF consultation")
    await sam.send("/people duty")
    await sam.sees("Practitioner. Let in until")
    await sam.press("Change role")
    await sam.sees("role now?")
    await sam.press("Auditor")
    await sam.sees("Auditor. Let in until")
    await kim.sees("Tap your PIN")
    await tap_pin(kim)
    await kim.sees("You have access as an auditor")

    await sam.press("Remove")
    await sam.sees("This is for good")
    await sam.press("Remove for good")
    await sam.sees("Let in: 1.")
    await kim.send("/start")
    await kim.sees(NEUTRAL)

    record = await running_bot.record(KIM)
    assert record is not None
    assert isinstance(read_account(record.access), Removed)
    who = (await access_of(running_bot)).audit_id
    own = [str(each.what) for each in await entries(running_bot) if each.who == who]
    assert own == ["invited", "role-auditor", "removed"]


async def test_a_bot_that_stops_while_everybody_is_looked_up_is_asked_again_after_its_start(
    home: Home, clock: FakeClock, sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = asyncio.Event()
    async with running(home, At(clock)):
        await sam.send("/start")
        await sam.sees("SERAF")
        await standing(home, clock, role=Role.ADMIN)
        await sam.send("/people Kim")
        await sam.sees("Invite “Kim”?")
        with monkeypatch.context() as slow:
            slow.setattr(Store, "everybody", partialmethod(_for_ever, looked_up))
            await sam.click("Trainer")
            await asyncio.wait_for(looked_up.wait(), 10)
    assert [str(each.what) for each in await entries(home)] == []

    async with running(home, At(clock)):
        await sam.sees("Invite “Kim”?")
        await sam.press("Trainer")
        await sam.sees("A code for Kim")

    assert [str(each.what) for each in await entries(home)] == ["invited"]


async def _for_ever(_: Store, begun: asyncio.Event, *__: object) -> None:
    begun.set()
    await asyncio.Event().wait()


async def test_the_second_person_is_notified_of_a_wrong_pin_at_once(
    running_bot: Home, clock: FakeClock, sam: Person
) -> None:
    await come_to_item(sam, 3)
    before = sam.card.message_id
    pins = Pins(load_key_file(running_bot.settings.key_file).pepper)

    await order(running_bot, clock, pin_decision("111111", pins, about="keys-rotated", at=clock(), by="operator anna"))

    await sam.sees("a wrong PIN was just typed as yours")
    assert sam.card.message_id > before
    access = await access_of(running_bot)
    assert (access.pin.tries, access.pin.wrong, access.pin.wrong_since) == (1, 1, clock())
    await sam.settled()
    await sam.press("No")
    await sam.until(lambda: "typed as yours" not in sam.card.text)
    assert [(each.who, str(each.what), each.reference) for each in await entries(running_bot)][-1] == (
        *("operator anna", "wrong-pin"),
        access.audit_id,
    )


@pytest.mark.parametrize("days", [9, 0])
async def test_everybody_is_notified_before_an_administrator_is_made_alone(
    running_bot: Home, clock: FakeClock, sam: Person, days: int
) -> None:
    await come_to_item(sam, 3)
    await standing(running_bot, clock, until=clock() + timedelta(days=days))
    await sam.sees("item 3" if days else "access has run out")
    await sam.settled()
    before = sam.card.message_id

    await order(running_bot, clock, telling(AuditEvent.BREAK_GLASS, clock()))

    await sam.sees("make an administrator without a second person")
    assert sam.card.message_id > before
    assert [str(each.what) for each in await entries(running_bot)][-1] == "break-glass-told"


async def test_the_number_of_somebody_who_was_removed_is_forgotten_and_they_stay_removed(
    running_bot: Home, clock: FakeClock, sam: Person, kim: Person
) -> None:
    await standing(running_bot, clock, role=Role.ADMIN)
    await come_in(kim, await invited(running_bot, clock()))
    await kim.sees("SERAF consultation")
    await order(running_bot, clock, removal(clock()), KIM)
    await kim.until(lambda: not kim.chat)
    result = running_bot.environment | {"COLUMNS": "200"}

    purged = await asyncio.to_thread(run, running_bot.folder, "purge", settings=result)
    await asyncio.to_thread(partial(rotate_keys, running_bot.settings.store, running_bot.key_file, at=clock()))

    assert "1 name of removed people forgotten" in purged.out
    store = await running_bot.opened()
    names = {record.person for record, _ in await store.everyone()}
    assert await store.verify() == OutOfStep()
    await store.close()
    assert (f"telegram:{SAM}" in names, f"telegram:{KIM}" in names, len(names)) == (True, False, 2)
    await kim.send(f"/start {await invited(running_bot, clock())}")
    await kim.sees(NEUTRAL)
    listed = await asyncio.to_thread(run, running_bot.folder, "people", "list", "--numbers", settings=result)
    assert (f"Telegram {SAM}" in listed.out, f"Telegram {KIM}" in listed.out) == (True, False)
    again = await asyncio.to_thread(run, running_bot.folder, "people", "remove", str(KIM), "--yes", settings=result)
    assert "They were removed already" in again.out
