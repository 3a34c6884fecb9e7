"""Tests of Telegram for one person: a single card that is edited in place, and typed text, which is removed."""

from random import Random

import pytest

from dialogs.turn.commands import LISTED, NAMES
from tests.fakes.telegram import Person
from tests.support.telegram.fixtures import begun_at
from tests.support.telegram.home import Home
from tests.support.telegram.walker import Walker, item_number

sam = begun_at(1)


async def test_a_whole_seraf_is_one_message_edited_in_place(home: Home, sam: Person) -> None:
    message = sam.card.message_id

    await Walker(sam, Random(1)).finish()

    assert [each.message_id for each in sam.chat] == [message]
    assert len(home.server.calls("sendMessage")) == 1


async def test_every_message_is_protected_and_has_no_preview(home: Home, sam: Person) -> None:
    calls = [*home.server.calls("sendMessage"), *home.server.calls("editMessageText")]

    previews = [call.params["link_preview_options"] for call in calls]

    assert previews == [{"is_disabled": True}] * len(calls)
    assert sam.card.protected
    assert not any("parse_mode" in call.params for call in calls)


async def test_typing_brings_the_card_down_as_a_new_message(sam: Person) -> None:
    before = sam.card.message_id

    await sam.send("qwerty")
    await sam.sees("Nothing was found")
    await sam.until(lambda: len(sam.chat) == 1)

    assert sam.card.message_id > before
    await sam.press("Back")
    await sam.until(lambda: item_number(sam.card) == 1)


@pytest.mark.parametrize(
    ("media", "said"),
    [
        ({"photo": [{"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9}]}, "Pictures and files"),
        ({"document": {"file_id": "d", "file_unique_id": "u"}}, "Pictures and files"),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, "Pictures and files"),
        ({"contact": {"phone_number": "1", "first_name": "A"}}, "Pictures and files"),
        ({"voice": {"file_id": "v", "file_unique_id": "u", "duration": 1}}, "Voice messages"),
        ({"video_note": {"file_id": "v", "file_unique_id": "u", "duration": 1, "length": 9}}, "Voice messages"),
    ],
)
async def test_media_is_answered_with_its_own_sentence(sam: Person, media: dict[str, object], said: str) -> None:
    await sam.send_media(media)

    await sam.sees(said)
    await sam.until(lambda: len(sam.chat) == 1)

    assert item_number(sam.card) == 1


async def test_an_edit_is_answered_on_the_card_in_place(sam: Person) -> None:
    own = await sam.send("hello")
    await sam.sees("Nothing was found")
    await sam.settled()
    card = sam.card.message_id

    await sam.edit(own, "hello again")
    await sam.sees("Changing a message does nothing")

    assert sam.card.message_id == card


async def test_a_service_message_is_passed_over(home: Home, sam: Person) -> None:
    sent = len(home.server.calls("sendMessage"))

    await sam.send_media({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}})
    await sam.settled()

    assert len(home.server.calls("sendMessage")) == sent


async def test_the_commands_are_in_the_menu(home: Home, sam: Person) -> None:
    await sam.settled()

    (listed,) = home.server.world.commands.values()

    assert [each["command"] for each in listed][:2] == ["start", "urgent"]
    assert [each["command"] for each in listed][-2:] == ["lock", "panic"]
    assert len(listed) == len(LISTED) < len(NAMES)
    assert "people" not in [each["command"] for each in listed]
    assert "exploit" not in str(listed)


@pytest.mark.parametrize("typed", ["/help", "/HELP@fake_bot", "/help me\nplease", "/help\tnow"])
async def test_a_command_is_read_however_it_is_written(sam: Person, typed: str) -> None:
    await sam.send(typed)

    await sam.sees("/start begins")
