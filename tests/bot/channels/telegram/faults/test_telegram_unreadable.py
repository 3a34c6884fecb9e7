"""Tests that unreadable updates and failing turns are skipped or refused, logged without content, and delay nobody."""

from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.fakes.telegram import FakeTelegram, Person
from tests.support.telegram.bots import running
from tests.support.telegram.fixtures import real_time
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import Walker, come_to_item, item_number

SECRET = "secret-words"
USER: dict[str, Any] = {"id": SAM, "is_bot": False, "first_name": SECRET}
CHAT: dict[str, Any] = {"id": SAM, "type": "private", "first_name": SECRET}
MESSAGE: dict[str, Any] = {"message_id": 5, "date": 1, "chat": CHAT, "from": USER, "text": SECRET}
QUERY: dict[str, Any] = {"id": "1", "from": USER, "message": MESSAGE, "chat_instance": "1", "data": "8:s:no"}
HUGE = 10**300

UNREADABLE: list[dict[str, Any]] = [
    {"message": SECRET},
    {"message": [SECRET]},
    {"message": {}},
    {"message": 5},
    {"message": MESSAGE | {"chat": SECRET}},
    {"message": MESSAGE | {"chat": {}}},
    {"message": MESSAGE | {"chat": CHAT | {"id": SECRET}}},
    {"message": MESSAGE | {"chat": CHAT | {"id": True}}},
    {"message": MESSAGE | {"chat": CHAT | {"id": float(SAM)}}},
    {"message": MESSAGE | {"chat": CHAT | {"id": [SAM]}}},
    {"message": MESSAGE | {"message_id": SECRET}},
    {"message": MESSAGE | {"message_id": None}},
    {"message": MESSAGE | {"date": HUGE}},
    {"message": MESSAGE | {"date": SECRET}},
    {"message": MESSAGE | {"text": 5}},
    {"message": MESSAGE | {"text": {"a": SECRET}}},
    {"message": MESSAGE | {"entities": SECRET}},
    {"message": MESSAGE | {"photo": SECRET}},
    {"message": MESSAGE | {"forward_origin": {"type": SECRET}}},
    {"edited_message": {"text": SECRET}},
    {"callback_query": SECRET},
    {"callback_query": {}},
    {"callback_query": QUERY | {"from": SECRET}},
    {"callback_query": QUERY | {"from": USER | {"id": None}}},
    {"callback_query": QUERY | {"message": SECRET}},
    {"callback_query": QUERY | {"message": MESSAGE | {"chat": 5}}},
    {"callback_query": QUERY | {"data": 5}},
    {"callback_query": QUERY | {"data": {"a": SECRET}}},
    {"my_chat_member": SECRET},
    {"my_chat_member": {"chat": CHAT, "from": USER}},
]

NOT_FOR_US: list[dict[str, Any]] = [
    {},
    {"poll": {"id": "1"}},
    {"a_kind_of_tomorrow": {"text": SECRET}},
    {"channel_post": MESSAGE | {"chat": {"id": -1, "type": "channel"}}},
    {"business_message": MESSAGE},
    {"inline_query": {"id": "1", "from": USER, "query": SECRET, "offset": ""}},
]

clock = real_time()


async def test_unreadable_updates_stop_nobody_and_are_logged_without_content(
    server: FakeTelegram, sam: Person, home: Home
) -> None:
    with capture_logs() as lines:
        async with running(home):
            await Walker(sam, Random(1)).begin(until_item=2)
            for update in (*UNREADABLE, *NOT_FOR_US):
                server.push_raw(update)

            await sam.press("No")
            await sam.until(lambda: item_number(sam.card) == 3 and not server.pending)

    unreadable = [line for line in lines if line["event"] == "unreadable update"]
    assert len(unreadable) == len(UNREADABLE)
    assert SECRET not in repr(lines)
    assert [line for line in lines if line["event"] == "failed"] == []


@pytest.mark.parametrize("update_id", [HUGE, 2**63, 2**31], ids=["huge", "64 bits", "32 bits"])
async def test_ids_of_any_size_are_taken(server: FakeTelegram, sam: Person, home: Home, update_id: int) -> None:
    message = MESSAGE | {"text": "/start", "message_id": HUGE}
    async with running(home):
        await sam.send("/start")
        await sam.sees("SERAF consultation")

        server.push_raw({"update_id": update_id, "message": message})
        await sam.until(lambda: not server.pending and len(server.calls("sendMessage")) == 2)

        server.restart_ids(5)
        await sam.click("Start")
        await sam.sees("What is your role?")


async def test_a_tap_without_its_message_is_answered(server: FakeTelegram, sam: Person, home: Home) -> None:
    """Telegram omits the message of a tap if it is too old, or if the button belongs to an inline message."""
    async with running(home):
        await come_to_item(sam, 2)
        before = len(server.calls("answerCallbackQuery"))
        places: tuple[dict[str, Any], ...] = (
            {},
            {"inline_message_id": "x"},
            {"message": {"chat": CHAT, "message_id": 1, "date": 0}},
        )
        for number, place in enumerate(places):
            query = {key: value for key, value in QUERY.items() if key != "message"} | place
            query |= {"id": str(number), "data": "1:s:no"}
            server.push_raw({"callback_query": query})

        await sam.until(lambda: len(server.calls("answerCallbackQuery")) == before + 3 and not server.pending)

        said = [call.params.get("text", "") for call in server.calls("answerCallbackQuery")[-3:]]
        assert said == ["That card is out of date. Here is the current one."] * 3
        await Walker(sam, Random(1)).walk(until_item=4)


@pytest.mark.parametrize("kind", ["message", "edited_message"])
async def test_an_own_message_that_cannot_be_read_is_removed(
    server: FakeTelegram, sam: Person, running_bot: Home, kind: str
) -> None:
    await Walker(sam, Random(1)).begin()
    written = server.world.add_message(server.world.chats[SAM], sam.user, text=SECRET)

    server.push_raw({kind: MESSAGE | {"message_id": written.message_id, "date": SECRET}})

    await sam.until(lambda: all(SECRET not in message.text for message in sam.chat), what="the words stayed")
