"""How the fake Bot API delivers updates: offsets, confirmation, lifetimes, long polls and malformed updates."""

import asyncio

import pytest

from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.fakes.telegram.raw import RawBot, keyboard
from tests.fakes.telegram.state.refusals import CONFLICT


async def ids(bot: RawBot, **params: object) -> list[int]:
    return [update["update_id"] for update in await bot.updates(**params)]


async def test_an_update_stays_until_a_higher_offset_is_named(bot: RawBot, sam: Person) -> None:
    await sam.send("one")
    first = await ids(bot)

    again = await ids(bot)

    assert again == first


async def test_a_higher_offset_confirms_what_is_below(bot: RawBot, sam: Person) -> None:
    await sam.send("one")
    await sam.send("two")
    first, second = await ids(bot)

    await ids(bot, offset=first + 1)

    assert await ids(bot) == [second]


async def test_a_negative_offset_keeps_only_the_last(bot: RawBot, sam: Person) -> None:
    for text in ("one", "two", "three"):
        await sam.send(text)
    known = await ids(bot)

    assert await ids(bot, offset=-2) == known[1:]
    assert await ids(bot) == known[1:]


async def test_an_offset_far_in_the_future_confirms_nothing(bot: RawBot, sam: Person) -> None:
    await sam.send("one")
    known = await ids(bot)

    assert await ids(bot, offset=known[-1] + 100) == known


async def test_a_held_offset_confirms_lower_new_ids_unseen(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    await sam.send("one")
    [first] = await ids(bot)
    await ids(bot, offset=first + 1)
    server.restart_ids(first - 5)

    await sam.send("two")

    assert await ids(bot, offset=first + 1) == []


@pytest.mark.parametrize(("limit", "handed"), [(2, 2), (500, 100)])
async def test_at_most_the_limit_and_a_hundred_are_handed_out(
    bot: RawBot, sam: Person, limit: int, handed: int
) -> None:
    for number in range(120):
        await sam.send(f"text {number}")

    assert len(await ids(bot, limit=limit)) == handed


async def test_a_tap_is_dropped_after_150_seconds(bot: RawBot, sam: Person, clock: FakeClock) -> None:
    await sam.send("/start")
    await bot.send(7, reply_markup=keyboard("Yes"))
    await sam.click("Yes")
    clock.advance(150)

    assert [sorted(update)[0] for update in await bot.updates()] == ["message"]


async def test_a_message_is_dropped_after_a_day(bot: RawBot, sam: Person, clock: FakeClock) -> None:
    """Telegram keeps updates for at most 24 hours."""
    await sam.send("/start")
    clock.advance(hours=24)

    assert await ids(bot) == []


async def test_only_the_allowed_kinds_are_queued(bot: RawBot, sam: Person) -> None:
    await bot.updates(allowed_updates=["callback_query"])

    await sam.send("/start")

    assert await ids(bot) == []


async def test_a_long_poll_ends_with_the_first_update(bot: RawBot, sam: Person) -> None:
    poll = asyncio.create_task(ids(bot, timeout=20))
    await asyncio.sleep(0.02)

    await sam.send("/start")

    assert len(await asyncio.wait_for(poll, 2)) == 1


async def test_a_long_poll_without_news_ends_empty(bot: RawBot) -> None:
    assert await asyncio.wait_for(ids(bot, timeout=1), 3) == []


async def test_the_older_of_two_polls_is_ended_by_a_conflict(bot: RawBot, sam: Person) -> None:
    older = asyncio.create_task(bot.call("getUpdates", timeout=20))
    await asyncio.sleep(0.02)
    newer = asyncio.create_task(ids(bot, timeout=20))

    refused = await asyncio.wait_for(older, 2)
    await sam.send("/start")

    assert (refused.status, refused.description) == (409, CONFLICT)
    assert len(await asyncio.wait_for(newer, 2)) == 1


async def test_any_dictionary_can_be_an_update(server: FakeTelegram, bot: RawBot) -> None:
    given = server.push_raw({"message": {"message_id": "not a number"}})

    assert await bot.updates() == [{"update_id": given, "message": {"message_id": "not a number"}}]


async def test_an_update_can_be_delivered_again_after_its_confirmation(
    server: FakeTelegram, bot: RawBot, sam: Person
) -> None:
    await sam.send("/start")
    [first] = await ids(bot)
    await ids(bot, offset=first + 1)

    server.redeliver(first)

    assert await ids(bot, offset=first + 1) == [first]
    assert await ids(bot, offset=first + 1) == []


async def test_waiting_updates_can_be_dropped(bot: RawBot, sam: Person) -> None:
    await sam.send("/start")

    await bot.call("deleteWebhook", drop_pending_updates=True)

    assert (await bot.call("getWebhookInfo")).result["pending_update_count"] == 0


async def test_an_outage_loses_no_update(server: FakeTelegram, bot: RawBot, sam: Person) -> None:
    await server.stop()
    await sam.send("/start")

    await server.start()

    assert len(await ids(bot)) == 1


async def test_the_kinds_that_were_last_asked_for_are_told(bot: RawBot) -> None:
    before = (await bot.call("getWebhookInfo")).result
    await bot.updates(allowed_updates=["message", "poll"])
    await bot.updates()

    assert "allowed_updates" not in before
    assert (await bot.call("getWebhookInfo")).result["allowed_updates"] == ["message", "poll"]
