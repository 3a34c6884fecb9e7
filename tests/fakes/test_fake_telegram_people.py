"""Proves that the people of the fake Telegram tap, wait and look as people do."""

import asyncio

import pytest

from tests.fakes.telegram import FakeTelegram, Person, Unseen
from tests.fakes.telegram.raw import RawBot, keyboard
from tests.support.telegram.fixtures import has_written

GROUP = -5

sam = has_written()


async def test_a_command_carries_its_entity(bot: RawBot, sam: Person) -> None:
    """As Telegram marks it."""
    [update] = await bot.updates()

    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_a_click_sends_what_the_button_carries(bot: RawBot, sam: Person) -> None:
    """From the newest keyboard."""
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "t1:yes"}]]}
    sent = await bot.send(7, reply_markup=markup)

    await sam.click("Yes")

    query = (await bot.updates())[-1]["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["message_id"]) == ("t1:yes", 7, sent)


async def test_a_click_on_a_button_that_is_not_there_says_what_is(bot: RawBot, sam: Person) -> None:
    """A failing test explains itself."""
    await bot.send(7, reply_markup=keyboard("Yes", "No"))

    with pytest.raises(Unseen, match=r"no button \[Maybe\].*\[Yes\] \[No\]"):
        await sam.click("Maybe")


async def test_an_older_message_can_be_tapped(bot: RawBot, sam: Person) -> None:
    """Its keyboard is still there."""
    await bot.send(7, reply_markup=keyboard("Old"))
    old = sam.card
    await bot.send(7, reply_markup=keyboard("New"))

    assert (await sam.click("Old", on=old)).message_id == old.message_id


async def test_a_tap_can_be_forged(bot: RawBot, sam: Person) -> None:
    """A changed client sends what it likes."""
    await bot.send(7, reply_markup=keyboard("Yes"))

    await sam.tap_data("forged", on=sam.card)

    assert (await bot.updates())[-1]["callback_query"]["data"] == "forged"


async def test_a_tap_on_a_deleted_message_shows_no_content(bot: RawBot, sam: Person) -> None:
    """Telegram calls such a message inaccessible, with the date 0."""
    await bot.send(7, reply_markup=keyboard("Yes"))
    card = sam.card
    await sam.delete(card)

    await sam.tap_data("Yes", on=card)

    assert (await bot.updates())[-1]["callback_query"]["message"]["date"] == 0


async def test_a_tap_that_is_sent_again_has_new_ids(bot: RawBot, sam: Person) -> None:
    """A phone that reconnects repeats itself under another name."""
    await bot.send(7, reply_markup=keyboard("Yes"))
    first = await sam.click("Yes")

    again = await sam.resend_last_tap()

    assert again.callback_data == first.callback_data
    assert (again.query_id, again.update_id) != (first.query_id, first.update_id)


async def test_pressing_waits_for_answer_and_change(bot: RawBot, sam: Person) -> None:
    """And gives the card as it then stands."""
    sent = await bot.send(7, reply_markup=keyboard("Yes"))

    pressing = asyncio.create_task(sam.press("Yes"))
    await asyncio.sleep(0)
    await bot.call("editMessageText", chat_id=7, message_id=sent, text="Next")
    await bot.call("answerCallbackQuery", callback_query_id=(await bot.updates())[-1]["callback_query"]["id"])

    assert (await pressing).text == "Next"


async def test_waiting_in_vain_says_what_was_there_instead(bot: RawBot, sam: Person) -> None:
    """The transcript is part of the failure."""
    await bot.send(7, "Hello")

    with pytest.raises(Unseen, match=r"'Bye' was not seen(.|\n)*Bot: Hello"):
        await sam.sees("Bye", timeout=0.05)


async def test_any_condition_can_be_waited_for(bot: RawBot, sam: Person) -> None:
    """Also one about something that is not in the chat."""
    found: list[int] = []
    asyncio.get_running_loop().call_later(0.05, found.append, 1)

    await sam.until(lambda: bool(found), timeout=2)

    assert found == [1]


async def test_a_person_has_settled_when_the_bot_has_confirmed_everything(bot: RawBot, sam: Person) -> None:
    """And not before."""
    with pytest.raises(Unseen):
        await sam.settled(timeout=0.05)
    [update] = await bot.updates()
    await bot.updates(offset=update["update_id"] + 1)

    await sam.settled(timeout=0.5)

    assert sam.acts[-1].who == "Sam"


async def test_other_things_than_text_can_be_sent(bot: RawBot, sam: Person) -> None:
    """A picture, a voice message and a forwarded text arrive as such."""
    await sam.send_photo()
    await sam.send_voice()
    await sam.forward("Look")

    _, photo, voice, forwarded = [update["message"] for update in await bot.updates()]
    assert ("photo" in photo, "voice" in voice, "forward_origin" in forwarded) == (True, True, True)


async def test_an_own_message_can_be_edited(bot: RawBot, sam: Person) -> None:
    """The bot gets it as an edited message."""
    await sam.edit(sam.chat[0], "/help")

    assert (await bot.updates())[-1]["edited_message"]["text"] == "/help"


async def test_blocking_is_told_to_the_bot(bot: RawBot, sam: Person) -> None:
    """As a change of its own standing."""
    await sam.block()

    assert (await bot.updates())[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_a_group_tells_the_bot_twice_that_it_was_added(server: FakeTelegram, bot: RawBot) -> None:
    """As a change of its standing and as a message."""
    server.group(GROUP)

    assert [list(update)[1] for update in await bot.updates()] == ["my_chat_member", "message"]


async def test_a_bot_that_has_left_a_group_may_not_write(server: FakeTelegram, bot: RawBot) -> None:
    """Leaving is final."""
    group = server.group(GROUP)
    await bot.call("leaveChat", chat_id=GROUP)

    reply = await bot.call("sendMessage", chat_id=GROUP, text="Hello")

    assert (group.bot_is_member, reply.description) == (False, "Forbidden: bot is not a member of the group chat")


async def test_a_transcript_has_one_line_an_act(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    """Buttons in brackets, edits shown as such."""
    sent = await bot.send(7, "In danger\nright now?", reply_markup=keyboard("Yes", "No"))
    tap = await sam.click("Yes")
    await bot.call("editMessageText", chat_id=7, message_id=sent, text="Call 999 now.")
    await bot.call("answerCallbackQuery", callback_query_id=tap.query_id, text="Saved")

    assert server.transcript(sam).splitlines() == [
        "Sam: /start",
        "Bot: In danger / right now?  [Yes] [No]",
        "Sam taps [Yes]",
        "Bot edits: Call 999 now.",
        "Bot answers: Saved",
    ]
