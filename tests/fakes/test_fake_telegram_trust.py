"""The fake Bot API where privacy is concerned: deletions, silent messages, personal menus, links, and long faults."""

from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.fakes.telegram.raw import RawBot
from tests.support.telegram.fixtures import has_written

LOCK = [{"command": "lock", "description": "Lock"}]
HELP = [{"command": "help", "description": "What this is"}]
START = [{"command": "start", "description": "Begin"}]

sam = has_written()


async def test_a_hundred_messages_of_both_sides_go_at_once(bot: RawBot, sam: Person) -> None:
    sent = await bot.send(7)

    reply = await bot.call("deleteMessages", chat_id=7, message_ids=[sam.chat[0].message_id, sent, *range(900, 998)])

    assert (reply.result, sam.chat) == (True, ())


@pytest.mark.parametrize("message_ids", [[], None])
async def test_no_messages_at_all_are_refused(bot: RawBot, sam: Person, message_ids: list[int] | None) -> None:
    reply = await bot.call("deleteMessages", chat_id=7, message_ids=message_ids)

    assert reply.description == "Bad Request: message identifiers are not specified"


async def test_a_message_of_the_person_older_than_48_hours_stays(bot: RawBot, sam: Person, clock: FakeClock) -> None:
    [own] = sam.chat
    clock.advance(48 * 3600 + 1)

    replies = [
        await bot.call("deleteMessage", chat_id=7, message_id=own.message_id),
        await bot.call("deleteMessages", chat_id=7, message_ids=[own.message_id]),
    ]

    assert {reply.description for reply in replies} == {"Bad Request: message can't be deleted for everyone"}
    assert sam.chat == (own,)


async def test_a_message_that_makes_no_sound_is_marked(bot: RawBot, sam: Person) -> None:
    silent, loud = await bot.send(7, disable_notification=True), await bot.send(7)

    await bot.call("editMessageText", chat_id=7, message_id=silent, text="Next")

    assert [(message.message_id, message.silent) for message in sam.chat[1:]] == [(silent, True), (loud, False)]


async def test_message_ids_grow_over_all_chats(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    kim = server.person(8)
    await kim.send("/start")

    ids = [sam.chat[0].message_id, kim.chat[0].message_id, await bot.send(7), await bot.send(8), await bot.send(7)]

    assert ids == list(range(ids[0], ids[0] + 5))


async def test_the_narrowest_menu_shows_and_once_deleted_the_wider_one(
    server: FakeTelegram, bot: RawBot, sam: Person
) -> None:
    await bot.call("setMyCommands", commands=HELP)
    await bot.call("setMyCommands", commands=START, scope={"type": "all_private_chats"})
    await bot.call("setMyCommands", commands=LOCK, scope={"type": "chat", "chat_id": 7})

    assert (sam.menu, server.person(8).menu) == (("lock",), ("start",))
    assert (await bot.call("getMyCommands", scope={"type": "chat", "chat_id": "7"})).result == LOCK

    await bot.call("deleteMyCommands", scope={"type": "chat", "chat_id": 7})
    await bot.call("deleteMyCommands", scope={"type": "all_private_chats"})
    assert sam.menu == ("help",)


async def test_a_menu_in_the_language_of_the_person_goes_first(bot: RawBot, sam: Person) -> None:
    await bot.call("setMyCommands", commands=HELP)
    await bot.call("setMyCommands", commands=LOCK, language_code="en")
    await bot.call("setMyCommands", commands=START, language_code="de")

    assert sam.menu == ("lock",)


@pytest.mark.parametrize(
    ("scope", "problem"),
    [
        ({"type": "chat"}, "can't parse BotCommandScope: Can't find field \"chat_id\""),
        ({"chat_id": 7}, "can't parse BotCommandScope: Can't find field \"type\""),
        ({"type": "everybody"}, "can't parse BotCommandScope: unsupported type specified"),
        ({"type": "chat", "chat_id": 9}, "chat not found"),
        ({"type": "chat", "chat_id": "Sam"}, "chat not found"),
        ([7], "can't parse BotCommandScope: BotCommandScope must be an Object"),
    ],
)
async def test_a_scope_that_telegram_does_not_know_is_refused(
    server: FakeTelegram, bot: RawBot, sam: Person, scope: Any, problem: str
) -> None:
    """Otherwise the fake might store a menu for a person who never wrote, or for no chat at all."""
    reply = await bot.call("setMyCommands", commands=LOCK, scope=scope)

    assert (reply.description, server.world.commands) == (f"Bad Request: {problem}", {})


async def test_a_link_sends_its_code_behind_start(bot: RawBot, sam: Person) -> None:
    await sam.start("aB3_-x")
    await sam.start()

    _, linked, bare = [update["message"] for update in await bot.updates()]
    assert (linked["text"], linked["entities"][0]["length"], bare["text"]) == ("/start aB3_-x", 6, "/start")


@pytest.mark.parametrize("code", ["two words", "a" * 65, "é"])
async def test_a_code_that_no_link_can_carry_is_an_error_of_the_test(sam: Person, code: str) -> None:
    """Telegram would drop the code, and such a test would prove nothing."""
    with pytest.raises(ValueError, match="cannot carry"):
        await sam.start(code)


async def test_a_fault_lasts_until_its_time(server: FakeTelegram, bot: RawBot, sam: Person, clock: FakeClock) -> None:
    methods = ("deleteMessage", "deleteMessages")
    server.fault_until(clock() + timedelta(hours=6), kind="error_502", methods=methods)
    calls: dict[str, dict[str, Any]] = {"deleteMessage": {"message_id": 900}, "deleteMessages": {"message_ids": [900]}}
    calls["getChat"] = {}

    async def statuses() -> list[int]:
        return [(await bot.call(method, chat_id=7, **params)).status for method, params in calls.items()]

    assert await statuses() == await statuses() == [502, 502, 200]
    clock.advance(6 * 3600 - 1)
    assert await statuses() == [502, 502, 200]
    clock.advance(1)
    assert await statuses() == [400, 200, 200]


async def test_a_long_429_asks_for_silence_each_time(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    """`retry_after` counts real seconds, as with a fault that is planned once. `heal` ends the fault."""
    server.fault_until(server.world.clock() + timedelta(hours=6), kind="too_many", methods=["deleteMessage"])

    reply = await bot.call("deleteMessage", chat_id=7, message_id=900)
    server.faults.heal()

    assert reply.description == "Too Many Requests: retry after 1"
    assert (await bot.call("getChat", chat_id=7)).status == 429


async def test_a_counted_fault_comes_before_one_that_lasts(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    """A test can then still add a different fault for a single call."""
    server.fault_until(server.world.clock() + timedelta(hours=1), kind="error_502", methods=["getMe"])
    server.fault(kind="error_500", method="getMe")

    assert [(await bot.call("getMe")).status for _ in range(2)] == [500, 502]


def test_a_fault_of_an_unknown_method_is_an_error_of_the_test() -> None:
    """Otherwise a misspelt method name would let a test pass without its fault."""
    with pytest.raises(ValueError, match="no such methods: deleteMesage"):
        FakeTelegram().fault_until(FakeClock()(), kind="too_many", methods=["deleteMesage"])
