"""Proves that a test can ask the fake Bot API what a chat has ever shown, when it went, and how old it was then."""

from datetime import timedelta

from tests.fakes.telegram import FakeClock, Person
from tests.fakes.telegram.raw import RawBot
from tests.support.telegram.fixtures import has_written

TWO_DAYS = timedelta(hours=48)

sam = has_written()


async def test_the_history_holds_what_was_deleted_and_when(bot: RawBot, sam: Person, clock: FakeClock) -> None:
    """By whom, how old it was, and what it had said before."""
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


async def test_what_was_visible_beyond_an_age_is_found_though_it_is_gone(
    bot: RawBot, sam: Person, clock: FakeClock
) -> None:
    """At the age itself it is in time, a second later it is not, and what is still there ages on."""
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
    """Which versions were to be seen when, where a message can no longer be deleted."""
    blanked, forgotten = await bot.send(7, "Words"), await bot.send(7, "Words")
    clock.advance(hours=48)
    await bot.call("editMessageText", chat_id=7, message_id=blanked, text="-")
    clock.advance(hours=1)
    await bot.call("editMessageText", chat_id=7, message_id=forgotten, text="-")

    _, first, second = [stay.shown_after(TWO_DAYS, clock()) for stay in sam.history]

    assert [message.text for message in first] == ["-"]
    assert [message.text for message in second] == ["Words", "-"]
