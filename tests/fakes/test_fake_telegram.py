"""The fake Bot API accepts and refuses messages and keyboards as Telegram does."""

from typing import Any

import pytest

from tests.fakes.telegram import FakeTelegram, Person
from tests.fakes.telegram.raw import Encoding, RawBot, keyboard
from tests.support.telegram.fixtures import has_written

sam = has_written()


@pytest.mark.parametrize("encoding", ["form", "multipart", "json"])
async def test_every_encoding_of_a_call_is_read(bot: RawBot, sam: Person, encoding: Encoding) -> None:
    reply = await bot.call("sendMessage", encoding=encoding, chat_id=7, text="Hello", reply_markup=keyboard("Yes"))

    assert (reply.result["text"], sam.card.labels) == ("Hello", ("Yes",))


async def test_a_wrong_token_is_unauthorised(server: FakeTelegram) -> None:
    async with RawBot(server.base, "1:wrong") as stranger:
        reply = await stranger.call("getMe")

    assert (reply.status, reply.description) == (401, "Unauthorized")


async def test_an_unknown_method_is_not_found_and_noted(server: FakeTelegram, bot: RawBot) -> None:
    reply = await bot.call("sendRocket")

    assert (reply.status, reply.description, len(server.violations)) == (404, "Not Found", 1)


async def test_an_unknown_parameter_is_noted(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    await bot.call("sendMessage", chat_id=7, text="Hello", protected=True)

    assert server.violations == ["sendMessage: unknown parameter 'protected'"]


async def test_parse_mode_is_noted(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    await bot.call("sendMessage", chat_id=7, text="Hello", parse_mode="HTML")

    assert "parse_mode" in server.violations[0]


async def test_protected_content_is_kept_on_the_message(bot: RawBot, sam: Person) -> None:
    await bot.send(7, protect_content=True)

    assert sam.card.protected


async def test_someone_who_never_wrote_is_not_found(server: FakeTelegram, bot: RawBot) -> None:
    server.person(8)

    reply = await bot.call("sendMessage", chat_id=8, text="Hello")

    assert (reply.status, reply.description) == (400, "Bad Request: chat not found")


async def test_a_person_who_blocked_the_bot_is_forbidden(bot: RawBot, sam: Person) -> None:
    await sam.block()

    reply = await bot.call("sendMessage", chat_id=7, text="Hello")

    assert (reply.status, reply.description) == (403, "Forbidden: bot was blocked by the user")


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("", "Bad Request: message text is empty"),
        (" \n ", "Bad Request: message text is empty"),
        ("a" * 4097, "Bad Request: message is too long"),
        ("\N{OTTER}" * 2049, "Bad Request: message is too long"),
    ],
)
async def test_a_text_has_one_to_4096_utf16_units(bot: RawBot, sam: Person, text: str, description: str) -> None:
    assert (await bot.call("sendMessage", chat_id=7, text=text)).description == description


async def test_the_longest_text_is_accepted(bot: RawBot, sam: Person) -> None:
    await bot.send(7, "\N{OTTER}" * 2048)

    assert len(sam.card.text) == 2048


@pytest.mark.parametrize(
    ("offset", "length", "problem"),
    [
        (0, 7, "ends after the end of the text"),
        (6, 1, "begins after the end of the text"),
        (-1, 2, "incorrect offset"),
        (0, 0, "incorrect length"),
        (3, 1, "middle of a UTF-16 symbol"),
        (0, 3, "middle of a UTF-16 symbol"),
    ],
)
async def test_an_entity_outside_whole_characters_is_refused(
    bot: RawBot, sam: Person, offset: int, length: int, problem: str
) -> None:
    """Offsets count UTF-16 code units. The otter in the text is two of them."""
    entities = [{"type": "bold", "offset": offset, "length": length}]

    reply = await bot.call("sendMessage", chat_id=7, text="ab\N{OTTER}cd", entities=entities)

    assert problem in reply.description


async def test_an_entity_in_utf16_units_is_accepted(bot: RawBot, sam: Person) -> None:
    await bot.send(7, "ab\N{OTTER}cd", entities=[{"type": "bold", "offset": 4, "length": 2}])

    assert sam.card.entities == ({"type": "bold", "offset": 4, "length": 2},)


async def test_a_telephone_number_is_recognised_in_international_form_alone(bot: RawBot, sam: Person) -> None:
    marked = [{"type": "phone_number", "offset": 0, "length": 3}]

    await bot.send(7, "999, \N{OTTER} 01632 960000 (+441632960000), +44 1632, x+441632960000", entities=marked)

    assert sam.card.entities == ({"type": "phone_number", "offset": 22, "length": 13},)


@pytest.mark.parametrize(
    ("button", "problem"),
    [
        ({"text": "Yes", "callback_data": "a" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "Yes", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "Yes", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "", "callback_data": "a"}, "button text must be non-empty"),
        ({"text": "Yes"}, "Text buttons are unallowed"),
        ({"text": "Yes", "callback_data": "a", "url": "https://example.org"}, "exactly one action"),
        ({"text": "Yes", "copy_text": {"text": "a" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
    ],
)
async def test_a_button_that_telegram_would_not_take_is_refused(
    bot: RawBot, sam: Person, button: dict[str, Any], problem: str
) -> None:
    reply = await bot.call("sendMessage", chat_id=7, text="Hello", reply_markup={"inline_keyboard": [[button]]})

    assert problem in reply.description


async def test_data_of_64_bytes_is_accepted(bot: RawBot, sam: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "a" * 64}]]}

    await bot.send(7, reply_markup=markup)

    assert sam.card.labels == ("Yes",)


async def test_a_document_is_kept_with_its_bytes(bot: RawBot, sam: Person) -> None:
    await bot.call("sendDocument", chat_id=7, document=b"a summary", caption="Summary")

    assert (sam.card.content, sam.card.text) == (b"a summary", "Summary")


async def test_commands_are_kept(bot: RawBot) -> None:
    commands = [{"command": "help", "description": "What this is"}]

    await bot.call("setMyCommands", commands=commands)

    assert (await bot.call("getMyCommands")).result == commands


async def test_a_private_chat_cannot_be_left(bot: RawBot, sam: Person) -> None:
    assert "private chats" in (await bot.call("leaveChat", chat_id=7)).description
