"""Tests that a lock does not lose a warning: it shows again after the PIN, and the case is unchanged."""

from random import Random

import pytest

from bot.assemble import terms_of
from bot.conversation.changes import renewal
from dialogs.core.acts import Kind
from tests.fakes.telegram import FakeClock, Person
from tests.support.telegram.fixtures import a_home
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.trusting import locked_by_time, order, standing
from tests.support.telegram.walker import Walker, press_on, tap_pin

MINUTES = 10
TO_FIRST_SERIOUS = ("Start", "School", "Neither", "No", "Yes", "13–15", "Serious first")

WARNINGS = {
    "danger": (("Start", "School", "In danger"), "Danger now: call 999.", "Prepare the call"),
    "told": (("Start", "School", "Neither", "Yes"), "or it was seen: call now.", "Prepare the call"),
    "follow-up": ((*TO_FIRST_SERIOUS, "Past 6 months"), "Is the child safe now, and where they go tonight?", "Yes"),
}
"""For each warning: the buttons that lead to it, its title, and the button that continues from it."""

home = a_home(lock_minutes=MINUTES)


async def walk_to(sam: Person, kind: Kind) -> str:
    labels, title, _ = WARNINGS[kind]
    await sam.send("/start")
    await sam.sees("SERAF consultation")
    await sam.settled()
    for label in labels:
        await press_on(sam, label)
    await sam.sees(title)
    return title


@pytest.mark.parametrize("kind", WARNINGS, ids=str)
async def test_a_warning_that_a_lock_came_over_is_shown_again_after_the_pin(
    running_bot: Home, clock: FakeClock, sam: Person, kind: Kind
) -> None:
    title = await walk_to(sam, kind)
    before = await running_bot.session(SAM)
    await locked_by_time(running_bot, clock, sam, minutes=MINUTES)
    await sam.sees("Locked")
    assert title not in sam.card.text

    await tap_pin(sam)
    await sam.sees(title)

    after = await running_bot.session(SAM)
    assert (after.overlay, after.place, after.answers.items) == (before.overlay, before.place, before.answers.items)
    assert after.overlay is not None
    assert after.overlay.kind == {"danger": Kind.STOP, "told": Kind.STOP}.get(kind, kind)
    await sam.settled()
    await sam.press(WARNINGS[kind][2])
    await sam.until(lambda: not sam.card.text.startswith(title), what="it did not go on")


@pytest.mark.parametrize("kind", WARNINGS, ids=str)
async def test_a_warning_is_shown_again_after_help_in_the_locked_chat_and_after_five_wrong_pins_and_a_renewal(
    running_bot: Home, clock: FakeClock, sam: Person, kind: Kind
) -> None:
    title = await walk_to(sam, kind)
    await sam.send("/lock")
    await sam.sees("Tap your PIN to go on")
    await sam.settled()

    await sam.press("Call")
    await sam.sees("What to say when you call")
    await sam.press("Back")
    await sam.sees("Tap your PIN to go on")
    await standing(running_bot, clock, tries=5)
    await sam.sees("Locked after five wrong PINs")
    await order(running_bot, clock, renewal(clock(), terms_of(running_bot.settings), has_new_pin=False))
    await sam.sees("Tap your PIN to go on")
    await sam.settled()
    await tap_pin(sam)

    await sam.sees(title)


async def test_unlocking_keeps_the_page_of_a_result(running_bot: Home, clock: FakeClock, sam: Person) -> None:
    walker = Walker(sam, Random(1))
    await walker.begin()
    await walker.finish()
    await sam.press("The number")
    await sam.sees("· result 2 of")
    await sam.settled()
    await locked_by_time(running_bot, clock, sam, minutes=MINUTES)
    await sam.sees("Locked")

    await tap_pin(sam)

    await sam.sees("· result 2 of")
