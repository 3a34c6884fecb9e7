"""The simulated people of the fake Telegram tap, wait and look as real people do."""

import asyncio
from datetime import timedelta

import pytest

from tests.fakes.telegram import FakeClock, FakeTelegram, Person, Unseen
from tests.fakes.telegram.raw import RawBot, keyboard
from tests.support.telegram.fixtures import has_written

GROUP = -5

sam = has_written()


async def test_a_command_carries_its_entity(bot: RawBot, sam: Person) -> None:
    [update] = await bot.updates()

    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_a_click_sends_what_the_button_carries(bot: RawBot, sam: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "t1:yes"}]]}
    sent = await bot.send(7, reply_markup=markup)

    await sam.click("Yes")

    query = (await bot.updates())[-1]["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["message_id"]) == ("t1:yes", 7, sent)


async def test_a_click_on_a_missing_button_lists_the_present_ones(bot: RawBot, sam: Person) -> None:
    await bot.send(7, reply_markup=keyboard("Yes", "No"))

    with pytest.raises(Unseen, match=r"no button \[Maybe\].*\[Yes\] \[No\]"):
        await sam.click("Maybe")


async def test_an_older_message_can_be_tapped(bot: RawBot, sam: Person) -> None:
    await bot.send(7, reply_markup=keyboard("Old"))
    old = sam.card
    await bot.send(7, reply_markup=keyboard("New"))

    assert (await sam.click("Old", on=old)).message_id == old.message_id


async def test_a_tap_can_be_forged(bot: RawBot, sam: Person) -> None:
    await bot.send(7, reply_markup=keyboard("Yes"))

    await sam.tap_data("forged", on=sam.card)

    assert (await bot.updates())[-1]["callback_query"]["data"] == "forged"


async def test_a_tap_on_a_deleted_message_shows_no_content(bot: RawBot, sam: Person) -> None:
    """Telegram calls such a message inaccessible, and gives it the date 0."""
    await bot.send(7, reply_markup=keyboard("Yes"))
    card = sam.card
    await sam.delete(card)

    await sam.tap_data("Yes", on=card)

    assert (await bot.updates())[-1]["callback_query"]["message"]["date"] == 0


async def test_a_tap_that_is_sent_again_has_new_ids(bot: RawBot, sam: Person) -> None:
    await bot.send(7, reply_markup=keyboard("Yes"))
    first = await sam.click("Yes")

    again = await sam.resend_last_tap()

    assert again.callback_data == first.callback_data
    assert (again.query_id, again.update_id) != (first.query_id, first.update_id)


async def test_pressing_waits_for_answer_and_change(bot: RawBot, sam: Person) -> None:
    sent = await bot.send(7, reply_markup=keyboard("Yes"))

    pressing = asyncio.create_task(sam.press("Yes"))
    await asyncio.sleep(0)
    await bot.call("editMessageText", chat_id=7, message_id=sent, text="Next")
    await bot.call("answerCallbackQuery", callback_query_id=(await bot.updates())[-1]["callback_query"]["id"])

    assert (await pressing).text == "Next"


async def test_a_timed_out_wait_shows_what_was_there_instead(bot: RawBot, sam: Person) -> None:
    await bot.send(7, "Hello")

    with pytest.raises(Unseen, match=r"'Bye' was not seen(.|\n)*Bot: Hello"):
        await sam.sees("Bye", timeout=0.05)


async def test_any_condition_can_be_waited_for(bot: RawBot, sam: Person) -> None:
    found: list[int] = []
    asyncio.get_running_loop().call_later(0.05, found.append, 1)

    await sam.until(lambda: bool(found), timeout=2)

    assert found == [1]


async def test_a_person_has_settled_when_the_bot_has_confirmed_everything(bot: RawBot, sam: Person) -> None:
    with pytest.raises(Unseen):
        await sam.settled(timeout=0.05)
    [update] = await bot.updates()
    await bot.updates(offset=update["update_id"] + 1)

    await sam.settled(timeout=0.5)

    assert sam.acts[-1].who == "Sam"


async def test_other_things_than_text_can_be_sent(bot: RawBot, sam: Person) -> None:
    await sam.send_photo()
    await sam.send_voice()
    await sam.forward("Look")

    _, photo, voice, forwarded = [update["message"] for update in await bot.updates()]
    assert ("photo" in photo, "voice" in voice, "forward_origin" in forwarded) == (True, True, True)


async def test_an_own_message_can_be_edited(bot: RawBot, sam: Person) -> None:
    await sam.edit(sam.chat[0], "/help")

    assert (await bot.updates())[-1]["edited_message"]["text"] == "/help"


async def test_blocking_is_told_to_the_bot(bot: RawBot, sam: Person) -> None:
    await sam.block()

    assert (await bot.updates())[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_a_group_tells_the_bot_twice_that_it_was_added(server: FakeTelegram, bot: RawBot) -> None:
    server.group(GROUP)

    assert [list(update)[1] for update in await bot.updates()] == ["my_chat_member", "message"]


async def test_a_bot_that_has_left_a_group_may_not_write(server: FakeTelegram, bot: RawBot) -> None:
    group = server.group(GROUP)
    await bot.call("leaveChat", chat_id=GROUP)

    reply = await bot.call("sendMessage", chat_id=GROUP, text="Hello")

    assert (group.bot_is_member, reply.description) == (False, "Forbidden: bot is not a member of the group chat")


async def test_a_transcript_has_one_line_an_act(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
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


TWO_DAYS = timedelta(hours=48)


async def test_the_history_holds_what_was_deleted_and_when(bot: RawBot, sam: Person, clock: FakeClock) -> None:
    """The history also records who deleted a message, its age at that time, and its earlier text."""
    begun, sent = clock(), await bot.send(7, "One")
    clock.advance(hours=1)
    await bot.call("editMessageText", chat_id=7, message_id=sent, text="Two")
    clock.advance(hours=2)
    await bot.call("deleteMessage", chat_id=7, message_id=sent)
    await sam.delete(sam.chat[0])
    clock.advance(hours=4)

    own, card = sam.history

    assert [version.text for version in card.versions] == ["One", "Two"]
    assert (card.gone, card.taken_by, card.age(clock())) == (begun + timedelta(hours=3), "Bot", timedelta(hours=3))
    assert (own.message.text, own.taken_by, own.is_there) == ("/start", "Sam", False)


async def test_a_message_that_was_visible_too_long_is_found_after_its_removal(
    bot: RawBot, sam: Person, clock: FakeClock
) -> None:
    """A message deleted exactly at the age limit is in time, one second later it is not. Messages still there count."""
    await sam.delete(sam.chat[0])
    in_time, late, there = [await bot.send(7) for _ in range(3)]
    clock.advance(hours=47)
    await bot.call("deleteMessage", chat_id=7, message_id=in_time)
    assert sam.older_than(47) == ()
    clock.advance(1)
    await bot.call("deleteMessage", chat_id=7, message_id=late)

    assert [stay.message.message_id for stay in sam.older_than(47)] == [late, there]


async def test_a_message_that_was_blanked_in_time_shows_no_words_beyond_the_age(
    bot: RawBot, sam: Person, clock: FakeClock
) -> None:
    blanked, forgotten = await bot.send(7, "Words"), await bot.send(7, "Words")
    clock.advance(hours=48)
    await bot.call("editMessageText", chat_id=7, message_id=blanked, text="-")
    clock.advance(hours=1)
    await bot.call("editMessageText", chat_id=7, message_id=forgotten, text="-")

    _, first, second = [stay.shown_after(TWO_DAYS, clock()) for stay in sam.history]

    assert [message.text for message in first] == ["-"]
    assert [message.text for message in second] == ["Words", "-"]
