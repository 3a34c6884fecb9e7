"""Two real Telegram libraries can talk to the fake Bot API, and understand its refusals."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import telegram

from tests.fakes.telegram import FakeTelegram, Person
from tests.fakes.telegram.raw import RawBot
from tests.support.oracles import oracle
from tests.support.telegram.fixtures import has_written

KEYBOARD = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Yes", callback_data="yes")]])


@pytest.fixture
async def bot(server: FakeTelegram) -> AsyncIterator[telegram.Bot]:
    """Yield a bot of the library python-telegram-bot that calls the fake."""
    async with telegram.Bot(server.token, base_url=f"{server.base}/bot") as client:
        yield client


sam = has_written()


async def test_a_message_of_a_person_is_parsed(bot: telegram.Bot, sam: Person) -> None:
    [update] = await bot.get_updates()

    assert update.message is not None
    assert update.message.from_user is not None
    assert (update.message.text, update.message.from_user.first_name) == ("/start", "Sam")


async def test_a_message_of_the_bot_is_parsed(bot: telegram.Bot, sam: Person) -> None:
    message = await bot.send_message(7, "Hello", reply_markup=KEYBOARD, protect_content=True)

    assert (message.text, message.reply_markup, message.has_protected_content) == ("Hello", KEYBOARD, True)


async def test_a_tap_is_parsed_and_answered(bot: telegram.Bot, sam: Person) -> None:
    await bot.send_message(7, "Hello", reply_markup=KEYBOARD)
    await sam.click("Yes")

    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    await query.edit_message_text("Next")
    await query.answer("Saved")

    assert (sam.card.text, sam.toasts) == ("Next", ["Saved"])


async def test_a_group_and_its_standing_are_parsed(server: FakeTelegram, bot: telegram.Bot) -> None:
    group = server.group(-5)

    standing = (await bot.get_updates())[0].my_chat_member
    assert standing is not None
    await bot.leave_chat(-5)

    assert (standing.new_chat_member.status, group.bot_is_member) == ("member", False)


async def test_a_document_is_sent(bot: telegram.Bot, sam: Person) -> None:
    await bot.send_document(7, b"a summary", filename="summary.txt")

    assert sam.card.content == b"a summary"


async def test_chats_are_known(bot: telegram.Bot, sam: Person) -> None:
    assert (await bot.get_chat(7)).first_name == "Sam"


async def test_not_modified_is_a_bad_request(bot: telegram.Bot, sam: Person) -> None:
    message = await bot.send_message(7, "Hello")

    with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
        await message.edit_text("Hello")


async def test_a_blocking_person_is_forbidden(bot: telegram.Bot, sam: Person) -> None:
    await sam.block()

    with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
        await bot.send_message(7, "Hello")


async def test_a_second_poller_is_a_conflict(server: FakeTelegram, bot: telegram.Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    async with RawBot(server.base, server.token) as other:
        second = asyncio.create_task(other.call("getUpdates", timeout=1))

        with pytest.raises(telegram.error.Conflict):
            await first
        await second


async def test_too_many_requests_carries_its_seconds(
    server: FakeTelegram, bot: telegram.Bot, sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    server.fault(method="sendMessage", kind="too_many", retry_after=2)

    with pytest.raises(telegram.error.RetryAfter) as refused:
        await bot.send_message(7, "Hello")

    assert refused.value.retry_after == timedelta(seconds=2)


async def test_a_broken_connection_is_a_network_error(server: FakeTelegram, bot: telegram.Bot, sam: Person) -> None:
    server.fault(method="sendMessage", kind="cut_after")

    with pytest.raises(telegram.error.NetworkError):
        await bot.send_message(7, "Hello")


@pytest.fixture
async def other_bot(server: FakeTelegram) -> AsyncIterator[Any]:
    api = oracle("aiogram.client.telegram").TelegramAPIServer.from_base(server.base)
    session = oracle("aiogram.client.session.aiohttp").AiohttpSession(api=api)
    async with oracle("aiogram").Bot(server.token, session=session) as client:
        yield client


async def test_another_library_reads_and_writes(other_bot: Any, sam: Person) -> None:
    [update] = await other_bot.get_updates()
    await other_bot.send_message(7, "Hello", protect_content=True)

    assert update.message is not None
    assert (update.message.text, sam.card.protected) == ("/start", True)


async def test_another_library_understands_a_refusal(server: FakeTelegram, other_bot: Any, sam: Person) -> None:
    server.fault(kind="too_many", retry_after=2)

    with pytest.raises(oracle("aiogram.exceptions").TelegramRetryAfter):
        await other_bot.send_message(7, "Hello")
