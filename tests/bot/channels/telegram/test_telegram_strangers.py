"""Tests of who may not use the bot in Telegram: strangers, groups, channels and people who were removed."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.conversation.changes import removal
from bot.storage.values import Inbound
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.telegram.bots import At, running
from tests.support.telegram.home import SAM, STRANGER, Home
from tests.support.telegram.trusting import of_a_case, shown_since
from tests.support.telegram.walker import Walker, come_to_item

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
NEUTRAL = "This is a private service. It cannot help you here."


@pytest.fixture
def stranger(server: FakeTelegram) -> Person:
    return server.person(STRANGER, first_name="Stranger")


def written(person: Person) -> list[str]:
    return [message.text for message in person.chat if message.by_bot]


async def take_away(home: Home) -> None:
    store = await home.opened()
    await store.turns([Inbound("cli:remove", NOW, f"telegram:{SAM}", removal(NOW), None)])
    await store.close()


@pytest.mark.parametrize("said", ["/start", "/help", "hello", "/erase"])
async def test_a_stranger_gets_one_neutral_line_and_leaves_no_row(
    running_bot: Home, stranger: Person, said: str
) -> None:
    await stranger.send(said)

    await stranger.sees(NEUTRAL)
    await stranger.settled()

    assert written(stranger) == [NEUTRAL]
    assert await running_bot.record(STRANGER) is None
    assert running_bot.ask("SELECT count(*) FROM people") == [(len(running_bot.admitted),)]
    assert running_bot.ask("SELECT count(*) FROM litter") == [(0,)]


@pytest.mark.parametrize("said", ["/urgent", "/call", "/contacts"])
async def test_a_stranger_who_asks_whom_to_call_is_shown_the_numbers(
    running_bot: Home, stranger: Person, said: str
) -> None:
    for _ in range(2):
        await stranger.send(said)
        await stranger.sees("999")
        assert "01454 866000" in stranger.card.text
    for label in ("Back", "Urgent", "Back", "Call", "Back", "Contacts"):
        await stranger.press(label)
    await stranger.sees("01454 866000")
    card = stranger.card.text
    await stranger.send("hello")
    await stranger.sees(NEUTRAL)
    await stranger.settled()

    assert written(stranger) == [card, NEUTRAL]
    assert await running_bot.record(STRANGER) is None
    assert running_bot.ask("SELECT count(*) FROM people") == [(len(running_bot.admitted),)]


async def test_a_removed_person_is_shown_whom_to_call(server: FakeTelegram, running_bot: Home) -> None:
    sam = await come_to_item(server.person(SAM), 3)
    card, acts = sam.card, len(sam.acts)
    await take_away(running_bot)
    await sam.until(lambda: not sam.chat, what="the card was not removed")

    await sam.click("Urgent", on=card)
    await sam.sees("999")
    await sam.send("/call")
    await sam.sees("01454 866000")
    await sam.settled()

    assert of_a_case(shown_since(sam, acts)) == []


async def test_many_strangers_who_ask_whom_to_call_hold_up_nobody_else_who_asks(
    tmp_path: Path, server: FakeTelegram
) -> None:
    """All new messages share a rate limit. At the limit, those to strangers wait behind those to admitted people."""
    sam, many = server.person(SAM), [server.person(number) for number in range(1000, 1250)]
    async with running(Home(tmp_path, server)):
        await sam.ask("/start")
        for _ in range(2):
            for each in many:
                await each.send("/urgent")
        await sam.send("/urgent")
        await sam.sees("999", timeout=5)
        assert sum(not written(each) for each in many) > len(many) // 2


async def test_a_persistent_stranger_is_answered_again_after_a_minute(
    running_bot: Home, stranger: Person, clock: FakeClock
) -> None:
    """The delay keeps a stranger from making the bot send messages without end."""
    for _ in range(5):
        await stranger.send("hello")
    await stranger.settled()
    assert written(stranger) == [NEUTRAL]

    clock.advance(61)
    await stranger.send("hello")
    await stranger.until(lambda: len(written(stranger)) == 2)


async def test_many_strangers_do_not_hold_up_those_who_may_use_the_bot(running_bot: Home, server: FakeTelegram) -> None:
    for number in range(1000, 1300):
        await server.person(number).send("hello")

    await Walker(server.person(SAM), Random(1)).begin(until_item=2)
    await server.person(SAM).until(lambda: not server.pending)

    result = sum(bool(written(server.person(number))) for number in range(1000, 1300))
    assert result <= 120


async def test_the_bot_leaves_a_group_to_which_it_was_added(running_bot: Home, server: FakeTelegram) -> None:
    group = server.group(-100)

    await group.until(lambda: not group.bot_is_member)

    assert [message for message in group.chat if message.by_bot] == []


async def test_the_bot_leaves_a_group_in_which_it_is_addressed(running_bot: Home, server: FakeTelegram) -> None:
    """The bot may have been added while it was down, and Telegram may have dropped the update that says so."""
    raw = {"message_id": 5, "date": 1, "chat": {"id": -100, "type": "supergroup", "title": "T"}, "text": "/start"}

    server.push_raw({"message": raw | {"from": {"id": SAM, "is_bot": False, "first_name": "Sam"}}})
    await server.person(SAM).until(lambda: bool(server.calls("leaveChat")))

    assert server.calls("leaveChat")[0].params["chat_id"] == "-100"
    assert running_bot.ask("SELECT count(*) FROM people") == [(len(running_bot.admitted),)]


async def test_a_person_removed_while_the_bot_was_down_is_a_stranger_at_the_next_start(
    server: FakeTelegram, clock: FakeClock, home: Home
) -> None:
    sam = server.person(SAM)
    async with running(home, At(clock)):
        await come_to_item(sam, 3)
    card, edits = sam.card, len(server.calls("editMessageText"))
    await take_away(home)

    for _ in range(2):
        async with running(home, At(clock)):
            answer = await sam.answered(await sam.click("No", on=card))
            await sam.until(lambda: card not in sam.chat, what="the card was not removed")
            await sam.send("/start")
            await sam.sees(NEUTRAL)
            await sam.settled()
        assert answer.text == NEUTRAL

    assert len(server.calls("editMessageText")) == edits
    assert set(written(sam)) == {NEUTRAL}
