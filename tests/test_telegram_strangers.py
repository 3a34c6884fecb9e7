"""Who may not use the bot, and where it does not talk: strangers, groups, channels, and people who were taken off the list."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.telegram_bots import At, running
from tests.support.telegram_home import SAM, STRANGER, Home
from tests.support.telegram_walker import Walker

NEUTRAL = "This is a private service. It cannot help you here."


@pytest.fixture
def clock() -> FakeClock:
    """A clock that Telegram and the bot share."""
    return FakeClock(datetime(2026, 3, 4, 12, tzinfo=UTC))


@pytest.fixture
async def server(clock: FakeClock) -> AsyncIterator[FakeTelegram]:
    """A running fake, towards which the bot was polite."""
    async with FakeTelegram(clock=clock) as running_server:
        yield running_server
        assert running_server.violations == []


@pytest.fixture
async def home(server: FakeTelegram, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Home]:
    """A bot that runs in this process."""
    here = Home(tmp_path, server)
    async with running(here, At(clock)):
        yield here


@pytest.fixture
def stranger(server: FakeTelegram) -> Person:
    """Somebody who may not use the bot."""
    return server.person(STRANGER, first_name="Stranger")


def written(person: Person) -> list[str]:
    """What the bot wrote to somebody."""
    return [message.text for message in person.chat if message.by_bot]


@pytest.mark.parametrize("said", ["/start", "/help", "hello", "/erase"])
async def test_a_stranger_gets_one_neutral_line_and_leaves_no_row(home: Home, stranger: Person, said: str) -> None:
    """Whatever they say, it does not tell what the bot is for."""
    await stranger.send(said)

    await stranger.sees(NEUTRAL)
    await stranger.settled()

    assert written(stranger) == [NEUTRAL]
    assert home.ask("SELECT count(*) FROM people") == [(0,)]
    assert home.ask("SELECT count(*) FROM litter") == [(0,)]


async def test_a_strangers_photo_and_edit_get_the_same_line(home: Home, stranger: Person) -> None:
    """Nothing that they send is told apart."""
    await stranger.edit(await stranger.send_photo("look"), "look again")

    await stranger.settled()

    assert written(stranger) == [NEUTRAL]


async def test_a_stranger_who_goes_on_is_told_again_after_a_minute(
    home: Home, stranger: Person, clock: FakeClock
) -> None:
    """Not at once, so that nobody can make the bot talk without end."""
    for _ in range(5):
        await stranger.send("hello")
    await stranger.settled()
    assert written(stranger) == [NEUTRAL]

    clock.advance(61)
    await stranger.send("hello")
    await stranger.until(lambda: len(written(stranger)) == 2)


async def test_many_strangers_do_not_hold_up_those_who_may_use_the_bot(home: Home, server: FakeTelegram) -> None:
    """New messages are paced for all together, so only so many strangers are told in a minute."""
    for number in range(1000, 1300):
        await server.person(number).send("hello")

    await Walker(server.person(SAM), Random(1)).begin(until_item=2)
    await server.person(SAM).until(lambda: not server.pending)

    told = sum(bool(written(server.person(number))) for number in range(1000, 1300))
    assert told <= 120


async def test_the_bot_leaves_a_group_to_which_it_was_added(home: Home, server: FakeTelegram) -> None:
    """Without a word there."""
    group = server.group(-100)

    await group.until(lambda: not group.bot_is_member)

    assert [message for message in group.chat if message.by_bot] == []


async def test_the_bot_leaves_a_group_in_which_it_is_addressed(home: Home, server: FakeTelegram) -> None:
    """Should it have been added while it was down, and the news of it have expired."""
    raw = {"message_id": 5, "date": 1, "chat": {"id": -100, "type": "supergroup", "title": "T"}, "text": "/start"}

    server.push_raw({"message": raw | {"from": {"id": SAM, "is_bot": False, "first_name": "Sam"}}})
    await server.person(SAM).until(lambda: bool(server.calls("leaveChat")))

    assert server.calls("leaveChat")[0].params["chat_id"] == "-100"
    assert home.ask("SELECT count(*) FROM people") == [(0,)]


async def test_the_bot_leaves_a_channel(home: Home, server: FakeTelegram) -> None:
    """Where it was made an administrator."""
    user: dict[str, Any] = {"id": SAM, "is_bot": False, "first_name": "Sam"}
    rights = dict.fromkeys(
        (
            *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
            *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
            *("can_post_stories", "can_edit_stories", "can_delete_stories"),
        ),
        False,
    )
    change = {
        "chat": {"id": -200, "type": "channel", "title": "C"},
        "from": user,
        "date": 1,
        "old_chat_member": {"status": "left", "user": server.world.bot},
        "new_chat_member": {"status": "administrator", "user": server.world.bot, **rights},
    }

    server.push_raw({"my_chat_member": change})
    await server.person(SAM).until(lambda: bool(server.calls("leaveChat")))

    assert server.calls("leaveChat")[0].params["chat_id"] == "-200"


async def test_nobody_may_use_a_bot_without_a_list(server: FakeTelegram, tmp_path: Path) -> None:
    """Empty means nobody."""
    async with running(Home(tmp_path, server, admitted=frozenset())):
        await server.person(SAM).send("/start")

        await server.person(SAM).sees(NEUTRAL)


async def test_whoever_is_taken_off_the_list_is_a_stranger_at_the_next_start(
    server: FakeTelegram, clock: FakeClock, tmp_path: Path
) -> None:
    """Their card is not shown again, and their taps and words get the neutral line; what is stored stays as it was."""
    sam = server.person(SAM)
    home = Home(tmp_path, server)
    async with running(home, At(clock)):
        await Walker(sam, Random(1)).begin(until_item=3)
        await sam.settled()
    before, edits = await home.session(SAM), len(server.calls("editMessageText"))

    async with running(Home(tmp_path, server, admitted=frozenset({STRANGER})), At(clock)):
        answer = await sam.answered(await sam.click("No"))
        await sam.send("/resume")
        await sam.sees(NEUTRAL)
        await sam.settled()

    assert answer.text == NEUTRAL
    assert len(server.calls("editMessageText")) == edits
    assert await home.session(SAM) == before


async def test_the_menu_says_nothing_of_a_case(home: Home, server: FakeTelegram) -> None:
    """Strangers see the menu too; it names no case and nobody."""
    await server.person(SAM).until(lambda: bool(server.world.commands))

    assert "exploit" not in json.dumps(list(server.world.commands.values()))
