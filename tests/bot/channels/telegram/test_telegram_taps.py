"""Tests of taps that do not count: each is answered, changes nothing, and leaves the live card visible."""

import pytest

from dialogs.core.session import Session
from tests.fakes.telegram import FakeTelegram, Message, Person
from tests.support.telegram.fixtures import begun_at
from tests.support.telegram.home import SAM, STRANGER, Home
from tests.support.telegram.walker import item_number

MOVED_ON = "That card is out of date. Here is the current one."

sam = begun_at(3)


@pytest.fixture
async def before(home: Home, sam: Person) -> Session:
    return await home.session(SAM)


def twin(home: Home, sam: Person) -> Message:
    card, world = sam.card, home.server.world
    return world.add_message(world.chats[SAM], world.bot, text=card.text, keyboard=card.keyboard)


async def test_a_card_whose_sending_was_not_confirmed_is_removed_once_another_is_shown(home: Home, sam: Person) -> None:
    """Telegram accepted the card but its answer was lost, so the bot sent the card twice."""
    before = sam.card.message_id
    home.server.fault(method="sendMessage", kind="cut_after")

    await sam.send("/resume")
    await sam.until(lambda: len(home.server.calls("sendMessage")) == 3 and len(sam.chat) == 1)
    await sam.settled()

    assert [item_number(each) for each in sam.chat] == [3]
    assert sam.card.message_id == before + 3  # the words, the lost card, the card


async def test_a_tap_on_an_old_message_removes_it(home: Home, sam: Person) -> None:
    """The buttons of an old message no longer count, and nobody should mistake the message for the live card."""
    old = twin(home, sam)
    await sam.press("No", on=sam.chat[0])
    before = await home.session(SAM)

    answer = await sam.answered(await sam.click("No", on=old))
    await sam.until(lambda: [item_number(each) for each in sam.chat] == [4])
    assert answer.text == MOVED_ON
    assert await home.session(SAM) == before


async def test_a_message_sent_twice_may_be_pressed_in_either_place(home: Home, sam: Person, before: Session) -> None:
    await sam.answered(await sam.click("No", on=twin(home, sam)))

    await sam.until(lambda: [item_number(each) for each in sam.chat] == [4])
    assert len((await home.session(SAM)).answers.items) == len(before.answers.items) + 1


async def test_a_stale_tap_brings_back_a_live_card_that_was_deleted(home: Home, sam: Person) -> None:
    live, old = sam.card, twin(home, sam)
    await sam.press("No", on=live)
    await sam.settled()
    await sam.delete(live)

    await sam.answered(await sam.click("No", on=old))
    await sam.until(lambda: [item_number(each) for each in sam.chat] == [4])


@pytest.mark.parametrize(
    "forged", ["", "x", "1:", ":", "0:s:yes", "-1:s:yes", "٣:s:yes", "9" * 60, "1:s:yes:s:yes", "\x00", "💥" * 16]
)
async def test_forged_data_changes_nothing(home: Home, sam: Person, before: Session, forged: str) -> None:
    answer = await sam.answered(await sam.tap_data(forged, on=sam.card))

    await sam.settled()

    assert answer.text == MOVED_ON
    assert await home.session(SAM) == before
    assert item_number(sam.card) == 3


async def test_a_stranger_s_tap_on_a_card_reveals_nothing(home: Home, server: FakeTelegram, sam: Person) -> None:
    stranger, before = server.person(STRANGER), await home.session(SAM)

    answer = await stranger.answered(await stranger.click("No", on=sam.card))

    assert answer.text == "This is a private service. It cannot help you here."
    assert await home.session(SAM) == before
    assert await home.record(STRANGER) is None
