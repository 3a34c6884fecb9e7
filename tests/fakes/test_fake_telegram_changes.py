"""The fake Bot API edits and deletes messages and answers taps within Telegram's limits."""

import pytest

from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.fakes.telegram.raw import RawBot, keyboard
from tests.fakes.telegram.state.refusals import NOT_MODIFIED, QUERY_TOO_OLD
from tests.support.telegram.fixtures import has_written

sam = has_written()


async def test_an_edit_changes_the_message_in_place(bot: RawBot, sam: Person) -> None:
    sent = await bot.send(7, reply_markup=keyboard("Yes"))

    await bot.call("editMessageText", chat_id=7, message_id=sent, text="Next", reply_markup=keyboard("No"))

    assert (sam.card.message_id, sam.card.text, sam.card.labels) == (sent, "Next", ("No",))


async def test_an_edit_without_a_keyboard_removes_it(bot: RawBot, sam: Person) -> None:
    sent = await bot.send(7, reply_markup=keyboard("Yes"))

    await bot.call("editMessageText", chat_id=7, message_id=sent, text="Next")

    assert sam.card.labels == ()


async def test_an_edit_to_the_same_is_not_modified(bot: RawBot, sam: Person) -> None:
    sent = await bot.send(7, "Hello", reply_markup=keyboard("Yes"))

    reply = await bot.call("editMessageText", chat_id=7, message_id=sent, text=" Hello ", reply_markup=keyboard("Yes"))

    assert (reply.status, reply.description) == (400, NOT_MODIFIED)


async def test_the_same_keyboard_is_not_modified(bot: RawBot, sam: Person) -> None:
    sent = await bot.send(7, reply_markup=keyboard("Yes"))

    reply = await bot.call("editMessageReplyMarkup", chat_id=7, message_id=sent, reply_markup=keyboard("Yes"))

    assert reply.description == NOT_MODIFIED


async def test_a_message_that_is_gone_cannot_be_edited(bot: RawBot, sam: Person) -> None:
    sent = await bot.send(7)
    await sam.delete(sam.card)

    reply = await bot.call("editMessageText", chat_id=7, message_id=sent, text="Next")

    assert reply.description == "Bad Request: message to edit not found"


async def test_a_message_of_the_person_cannot_be_edited(bot: RawBot, sam: Person) -> None:
    reply = await bot.call("editMessageText", chat_id=7, message_id=sam.chat[0].message_id, text="Next")

    assert reply.description == "Bad Request: message can't be edited"


async def test_a_message_of_the_person_can_be_deleted(bot: RawBot, sam: Person) -> None:
    """Telegram allows this in a private chat, within 48 hours."""
    await bot.call("deleteMessage", chat_id=7, message_id=sam.chat[0].message_id)

    assert sam.chat == ()


async def test_a_message_is_deleted_once(bot: RawBot, sam: Person) -> None:
    sent = await bot.send(7)
    await bot.call("deleteMessage", chat_id=7, message_id=sent)

    reply = await bot.call("deleteMessage", chat_id=7, message_id=sent)

    assert reply.description == "Bad Request: message to delete not found"


async def test_a_message_can_be_deleted_in_its_48th_hour(bot: RawBot, sam: Person, clock: FakeClock) -> None:
    sent = await bot.send(7)
    clock.advance(hours=48)

    assert (await bot.call("deleteMessage", chat_id=7, message_id=sent)).result is True


async def test_a_message_older_than_48_hours_stays(bot: RawBot, sam: Person, clock: FakeClock) -> None:
    sent = await bot.send(7)
    clock.advance(48 * 3600 + 1)

    reply = await bot.call("deleteMessage", chat_id=7, message_id=sent)

    assert reply.description == "Bad Request: message can't be deleted for everyone"


async def test_several_are_deleted_and_missing_ones_skipped(bot: RawBot, sam: Person) -> None:
    sent = [await bot.send(7) for _ in range(3)]

    await bot.call("deleteMessages", chat_id=7, message_ids=[*sent, 999, sam.chat[0].message_id])

    assert sam.chat == ()


async def test_one_that_is_too_old_stops_them_all(bot: RawBot, sam: Person, clock: FakeClock) -> None:
    old = await bot.send(7)
    clock.advance(hours=49)
    young = await bot.send(7)

    reply = await bot.call("deleteMessages", chat_id=7, message_ids=[young, old])

    assert (reply.status, len(sam.chat)) == (400, 3)


async def test_at_most_a_hundred_are_deleted_at_once(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    """A longer list is refused, and recorded as a violation. So is a repeated id, although Telegram accepts it."""
    longer = await bot.call("deleteMessages", chat_id=7, message_ids=list(range(1, 102)))
    twice = await bot.call("deleteMessages", chat_id=7, message_ids=[901, 901])

    assert longer.description == "Bad Request: too many message identifiers specified"
    assert (twice.result, len(server.violations)) == (True, 2)


async def test_an_answer_shows_as_a_toast(bot: RawBot, sam: Person) -> None:
    await bot.send(7, reply_markup=keyboard("Yes"))
    tap = await sam.click("Yes")

    await bot.call("answerCallbackQuery", callback_query_id=tap.query_id, text="Saved")

    assert sam.toasts == ["Saved"]


async def test_a_tap_is_answered_once(bot: RawBot, sam: Person) -> None:
    await bot.send(7, reply_markup=keyboard("Yes"))
    tap = await sam.click("Yes")
    await bot.call("answerCallbackQuery", callback_query_id=tap.query_id)

    reply = await bot.call("answerCallbackQuery", callback_query_id=tap.query_id)

    assert (reply.status, reply.description) == (400, QUERY_TOO_OLD)


@pytest.mark.parametrize(("age", "status"), [(150, 200), (151, 400)])
async def test_a_tap_can_be_answered_for_150_seconds(
    bot: RawBot, sam: Person, clock: FakeClock, age: int, status: int
) -> None:
    await bot.send(7, reply_markup=keyboard("Yes"))
    tap = await sam.click("Yes")
    clock.advance(age)

    assert (await bot.call("answerCallbackQuery", callback_query_id=tap.query_id)).status == status


async def test_a_toast_has_at_most_200_characters(bot: RawBot, sam: Person) -> None:
    await bot.send(7, reply_markup=keyboard("Yes"))
    tap = await sam.click("Yes")

    reply = await bot.call("answerCallbackQuery", callback_query_id=tap.query_id, text="a" * 201)

    assert reply.description == "Bad Request: MESSAGE_TOO_LONG"
    assert (await bot.call("answerCallbackQuery", callback_query_id=tap.query_id, text="a" * 200)).result is True
