"""Tests of an event's outcome for each account state: idle locks, `/lock`, `/panic`, and abandoned cards."""

import pytest

from bot.conversation.changes import telling
from bot.operations.housekeeping import bring_back, pass_time
from bot.storage.values import Inbound
from dialogs.core.acts import Kind, Overlay
from dialogs.core.replies import Ring, Wipe
from state_machines.assessment import Phase
from tests.support.people.visiting import START, Visitor
from tests.support.shipped import SCRIPT

LOCKED = "Tap your PIN to go on"


@pytest.fixture
async def sam() -> Visitor:
    return await (await Visitor.let_in()).begin()


async def test_an_idle_chat_is_closed_at_its_second_and_nothing_is_lost(sam: Visitor) -> None:
    before = sam.session
    sam.later(minutes=10)
    assert LOCKED in sam.text  # drawn anew, the card is the keypad already
    assert sam.bot.is_closed(sam.record)

    await sam.tap("s:no")
    assert sam.toasts == ["closed-locked"]
    assert LOCKED in sam.text
    await sam.pin()

    assert (sam.session.place, sam.session.answers.items) == (before.place, before.answers.items)
    assert "item 1 of 30" in sam.text
    assert (await sam.words())[-2:] == ["locked", "unlocked"]


async def test_the_keypad_of_an_idle_chat_counts_from_its_first_key(sam: Visitor) -> None:
    sam.later(minutes=10)
    assert LOCKED in sam.text

    await sam.pin()

    assert "item 1 of 30" in sam.text
    assert (await sam.words())[-2:] == ["locked", "unlocked"]


async def test_lock_closes_at_once(sam: Visitor) -> None:
    await sam.command("lock")
    assert (sam.toasts, sam.access.door.is_locked) == (["locked"], True)
    assert LOCKED in sam.text

    await sam.press("Urgent")
    await sam.command("lock")

    assert LOCKED in sam.text
    assert (await sam.words()).count("locked") == 1


async def test_panic_locks_and_clears_the_chat(sam: Visitor) -> None:
    await sam.command("panic")
    assert (sam.card, sam.effects) == (None, (Wipe(),))
    assert sam.bot.is_closed(sam.record)
    await sam.pass_time(hours=1)
    assert sam.card is None

    await sam.type()
    assert LOCKED in sam.text
    await sam.pin()
    assert "item 1 of 30" in sam.text
    assert (await sam.words())[-2:] == ["panic", "unlocked"]


async def test_panic_in_a_locked_chat_empties_it_too(sam: Visitor) -> None:
    """A telephone number may still be shown on the screen of a locked chat."""
    await sam.command("lock")

    await sam.command("panic")

    assert sam.card is None


async def test_an_abandoned_card_is_taken_away_and_comes_back_with_the_next_word(sam: Visitor) -> None:
    await sam.pass_time(hours=40, is_old=True)
    assert sam.card is None

    await sam.command("resume")
    assert LOCKED in sam.text
    await sam.pin()

    assert "item 1 of 30" in sam.text


async def test_a_card_that_came_since_somebody_looked_is_not_taken_away_unread(sam: Visitor) -> None:
    sam.later(hours=48)
    looked_at, now = await sam.store.recall(sam.person), sam.clock.now()
    assert looked_at is not None
    await bring_back(sam.store, sam.person, left=now, now=now)

    await pass_time(sam.store, sam.bot, person=sam.person, now=now, old_card=looked_at[0].card)

    assert sam.bot.card((await sam.store.recall(sam.person) or looked_at)[0]) is not None


async def test_a_message_left_in_a_chat_is_mentioned_until_its_person_acts(sam: Visitor) -> None:
    now = sam.clock.now()
    await bring_back(sam.store, sam.person, left=now, now=now)
    await sam.pass_time(hours=1)
    result = sam.text

    await sam.pin()

    assert LOCKED in result
    assert "could not be removed" in result
    assert "could not be removed" not in sam.text


async def test_a_notice_to_a_person_who_is_tapping_is_on_their_next_card(sam: Visitor) -> None:
    result = telling("wrong-pin-at-machine", START)
    await sam.store.turns([Inbound("told", START, sam.person, result, None)])
    await sam.type()

    await sam.pass_time(seconds=1)

    assert Ring() in sam.effects
    assert SCRIPT.wording.say("kept.wrong-pin-at-machine") in sam.text
    await sam.command("help")
    assert SCRIPT.wording.say("kept.wrong-pin-at-machine") not in sam.text


async def test_an_overlay_of_a_locked_card_closes_at_unlocking(sam: Visitor) -> None:
    await sam.command("lock")
    await sam.press("Contacts")
    assert sam.access.door.over == Overlay(Kind.CONTACTS)

    await sam.press("Back")
    await sam.pin()

    assert sam.access.door.over is None
    assert sam.session.phase is Phase.ITEMS
