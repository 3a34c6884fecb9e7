"""The Telegram channel as a person meets it: one card, edited in place; what is typed is answered and removed."""

from random import Random

import pytest

from dialogs.turn.commands import LISTED, NAMES
from tests.fakes.telegram import Person
from tests.support.shipped import INSTRUMENT
from tests.support.telegram.fixtures import begun_at
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import Walker, item_number

sam = begun_at(1)


async def test_a_whole_seraf_is_one_message_edited_in_place(home: Home, sam: Person) -> None:
    """From item 1 to the result nothing is sent, only edited, and the total is right."""
    message = sam.card.message_id

    await Walker(sam, Random(1)).finish()

    assert [each.message_id for each in sam.chat] == [message]
    assert len(home.server.calls("sendMessage")) == 1


async def test_every_message_is_protected_and_has_no_preview(home: Home, sam: Person) -> None:
    """It cannot be forwarded or saved, and no address in it is looked up."""
    calls = [*home.server.calls("sendMessage"), *home.server.calls("editMessageText")]

    previews = [call.params["link_preview_options"] for call in calls]

    assert previews == [{"is_disabled": True}] * len(calls)
    assert sam.card.protected
    assert not any("parse_mode" in call.params for call in calls)


async def test_what_is_strong_is_bold_by_entity(sam: Person) -> None:
    """The item's label stands out, with no markup in the text."""
    units = sam.card.text.encode("utf-16-le")

    bold = [units[2 * each["offset"] : 2 * (each["offset"] + each["length"])] for each in sam.card.entities]

    label = INSTRUMENT.items[0].label
    assert label in [each.decode("utf-16-le") for each in bold]
    assert sam.card.text.split("\n\n")[1].startswith(f"{label}\n")


async def test_typing_brings_the_card_down_as_a_new_message(sam: Person) -> None:
    """The old card and the person's own words go; what is said about typing stands above the card."""
    before = sam.card.message_id

    await sam.send("his name is not kept")
    await sam.sees("What you typed is not kept")
    await sam.until(lambda: len(sam.chat) == 1)

    assert sam.card.message_id > before
    assert item_number(sam.card) == 1


async def test_the_notice_is_gone_at_the_next_tap(sam: Person) -> None:
    """It belongs to the moment, not to the card."""
    await sam.send("hello")
    await sam.sees("What you typed is not kept")
    await sam.settled()

    await sam.press("No")
    await sam.settled()

    assert "What you typed" not in sam.card.text
    assert item_number(sam.card) == 2


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
    """It is said that it is not kept, and the message is removed."""
    await sam.send_media(media)

    await sam.sees(said)
    await sam.until(lambda: len(sam.chat) == 1)

    assert item_number(sam.card) == 1


async def test_a_forward_is_answered_with_its_own_sentence(sam: Person) -> None:
    """Never send or forward an image of a child."""
    await sam.forward("look at this")

    await sam.sees("Forwarded messages are not kept")


async def test_an_edit_is_answered_on_the_card_where_it_stands(sam: Person) -> None:
    """Nothing new was written, so nothing new is sent."""
    own = await sam.send("hello")
    await sam.sees("What you typed is not kept")
    await sam.settled()
    card = sam.card.message_id

    await sam.edit(own, "hello again")
    await sam.sees("Changing a message does nothing")

    assert sam.card.message_id == card


async def test_a_service_message_is_passed_over(home: Home, sam: Person) -> None:
    """A pinned message needs no answer."""
    sent = len(home.server.calls("sendMessage"))

    await sam.send_media({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}})
    await sam.settled()

    assert len(home.server.calls("sendMessage")) == sent


async def test_the_commands_stand_in_the_menu(home: Home, sam: Person) -> None:
    """Every command, with what it does."""
    await sam.settled()

    (listed,) = home.server.world.commands.values()

    assert [each["command"] for each in listed][:2] == ["start", "urgent"]
    assert [each["command"] for each in listed][-2:] == ["lock", "panic"]
    assert len(listed) == len(LISTED) < len(NAMES)
    assert "people" not in [each["command"] for each in listed]


@pytest.mark.parametrize("typed", ["/help", "/HELP@fake_bot", "/help me\nplease", "/help\tnow"])
async def test_a_command_is_read_however_it_is_written(sam: Person, typed: str) -> None:
    """In any case, with the bot's name, with words after it."""
    await sam.send(typed)

    await sam.sees("/start begins")


async def test_erase_leaves_nothing_in_the_chat_and_nothing_in_the_store(home: Home, sam: Person) -> None:
    """Not the card, not what was typed."""
    await sam.send("hello")
    await sam.send("/erase")
    await sam.sees("cannot be undone")

    await sam.press_last("Erase now")
    await sam.until(lambda: not sam.chat)

    record = await home.record(SAM)
    assert record is not None
    assert record.case is None
    await sam.until(lambda: home.ask("SELECT count(*) FROM litter") == [(0,)], what="something is still to be removed")
