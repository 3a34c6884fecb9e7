"""Tests of a closed chat: the notice, choosing a PIN, entering the PIN, and the limit on wrong PINs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.access.account import MOST_TRIES, Account
from bot.access.lock_screen import Answer, Visit
from bot.storage.values import NeedsHash
from dialogs.core.events import Pressed
from dialogs.core.replies import Toast
from dialogs.core.role import Role
from dialogs.locked import AccountState
from tests.support.people.accounts import account_with, altered
from tests.support.people.admitting import PIN, door
from tests.support.people.visiting import KEYS, OPEN, PERSON, START, Visitor
from tests.support.shipped import OCCASION, SCRIPT

NEW = account_with("0a0b0c0d", Role.PRACTITIONER, START + timedelta(days=90))
AGREED = altered(NEW, noticed=START)
LOCKED = altered(OPEN[Role.PRACTITIONER], is_locked=True)


async def test_a_pin_that_differs_the_second_time_is_chosen_again() -> None:
    sam = await Visitor.let_in(AGREED)
    await sam.pin("248613")

    await sam.pin("248614")

    assert sam.toasts == ["pin-differs"]
    assert "Choose a PIN" in sam.text
    assert (sam.access.pin.hash, sam.access.pin.pending) == ("", "")


async def test_a_new_pin_resets_the_count_of_wrong_pins() -> None:
    sam = await Visitor.let_in(altered(LOCKED, wrong=3, pin=""))

    await sam.pin("248613")
    await sam.pin("248613")

    assert (sam.access.pin.wrong, sam.access.pin.pending) == (0, "")


async def test_a_weak_pin_is_refused() -> None:
    sam = await Visitor.let_in(AGREED)

    await sam.pin("123456")

    assert sam.toasts == ["weak-pin"]
    assert sam.access.pin.pending == ""


async def test_the_digits_that_were_tapped_are_counted_and_not_shown() -> None:
    sam = await Visitor.let_in(LOCKED)
    card, layout = sam.record.card, sam.labels[:10]

    await sam.pin("248")

    assert "3 of 6 digits: ●●●○○○" in sam.text
    assert (sam.record.card, sam.labels[:10]) == (card, layout)
    assert not any(digits in sam.text for digits in ("248", "2 4 8"))
    await sam.pin("613")
    assert sam.text.startswith("SERAF consultation")
    assert sam.access.pin.taps == ""


async def test_the_first_digits_are_kept_until_the_card_is_replaced_and_never_all_six() -> None:
    sam = await Visitor.let_in(LOCKED)
    kept = []
    for digit in "248614":
        await sam.pin(digit)
        kept.append(sam.access.pin.taps.partition(":")[2][1::2])
    await sam.pin("24")
    assert sam.access.pin.taps
    await sam.command("panic")

    assert kept == ["2", "24", "248", "2486", "24861", ""]
    assert sam.access.pin.taps == ""


async def test_clear_begins_the_pin_again() -> None:
    sam = await Visitor.let_in(LOCKED)
    card = sam.record.card
    await sam.pin("24861")

    await sam.press("Clear")
    assert (await sam.tap("k:0:2", card)).toasts == ["stale"]
    assert "0 of 6 digits" in sam.text
    await sam.pin("248613")

    assert await sam.words() == ["unlocked"]
    assert sam.access.pin.tries == 0


async def test_taps_that_are_sent_again_bar_nobody() -> None:
    sam = await Visitor.let_in(LOCKED)
    sent: list[str] = []
    for digit in PIN:
        card, (code,) = sam.record.card, [each.code for each in sam.card.buttons if each.label == digit]  # type: ignore[union-attr]
        sent.append(code)
        for again in (code, code, *sent[-2:]):
            await sam.tap(again, card)

    assert (sam.access.pin.tries, sam.access.door.is_locked) == (0, False)


async def test_five_wrong_pins_lock_until_an_administrator_renews() -> None:
    sam = await (await Visitor.let_in()).begin()
    await sam.command("lock")
    said = []
    for _ in range(MOST_TRIES):
        await sam.pin("248614")
        said += [effect for effect in sam.effects if isinstance(effect, Toast)]

    left = [Toast("wrong-pin", (("left", number),)) for number in ("4", "3", "2")]
    assert said == [*left, Toast("wrong-pin-last"), Toast("barred")]
    assert "Locked after five wrong PINs" in sam.text
    assert not set("0123456789") & set(sam.labels)
    await sam.tap("k:0:2")
    assert sam.toasts == ["closed-barred"]
    assert await sam.words() == ["begun", "locked", *["wrong-pin"] * 4, "barred"]


async def test_the_keys_change_places_after_every_try() -> None:
    """If the digits stayed in place, the marks of a thumb on the screen would give the PIN away."""
    sam = await Visitor.let_in(LOCKED)
    layouts = {tuple(sam.labels[:10])}
    for _ in range(3):
        await sam.pin("248614")
        layouts.add(tuple(sam.labels[:10]))

    assert len(layouts) == 4


async def test_the_right_pin_forgives_the_wrong_ones() -> None:
    sam = await Visitor.let_in(altered(LOCKED, tries=4))

    await sam.pin()

    assert (sam.access.pin.tries, sam.access.door.is_locked) == (0, False)


async def test_wrong_pins_leave_a_line_for_the_owner_and_are_counted_over_sittings() -> None:
    """The count of wrong PINs is shown only after unlocking, until the owner acts. Their total is never reset."""
    sam = await Visitor.let_in(LOCKED)
    await sam.pin("248614")
    await sam.later(minutes=3).pin("248615")
    assert "Wrong PINs" not in sam.text

    await sam.pin()
    assert "Wrong PINs here since 4 March 2026, 12:00: 2. If that was not you, tell an administrator." in sam.text
    await sam.pass_time(minutes=10)
    await sam.pin("248614")
    await sam.pin()
    assert "Wrong PINs here since 4 March 2026, 12:00: 3." in sam.text, "the owner did not act meanwhile"
    assert "in all" not in sam.text
    await sam.command("help")
    assert "Wrong PINs" not in sam.text

    await sam.command("lock")
    await sam.pin("248614")
    await sam.pin()
    assert "12:13: 1." in sam.text
    assert "With this PIN, in all: 4." in sam.text


async def test_a_tap_on_an_earlier_keypad_does_not_count() -> None:
    sam = await Visitor.let_in(LOCKED)
    card = sam.record.card
    await sam.pin("248614")

    await sam.tap("k:0:2", card)

    assert sam.toasts == ["stale"]
    assert "0 of 6 digits" in sam.text


@pytest.mark.parametrize("standing", [NEW, altered(OPEN[Role.ADMIN], until=START), OPEN[Role.AUDITOR]])
async def test_digits_count_only_on_a_keypad(standing: Account) -> None:
    sam = await Visitor.let_in(standing)

    await sam.tap("k:0:2")

    assert sam.toasts == [f"closed-{sam.bot.door.gate(sam.access, PERSON, card=0, now=START).standing}"]


async def test_digits_do_not_count_while_something_lies_over_the_keypad() -> None:
    sam = await Visitor.let_in(LOCKED)
    await sam.press("Urgent")

    await sam.tap("k:0:2")
    assert sam.toasts == ["closed-locked"]
    await sam.press("Back")

    assert "0 of 6 digits" in sam.text


def test_a_decision_at_the_door_may_be_replayed() -> None:
    at_door = door(KEYS)
    tapped = ""
    for place, digit in enumerate("24861"):
        tapped = at_door.keypads.tap(tapped, 3, place=place, digit=int(digit))
    visit, tap = Visit(PERSON, 3, START, b"random bytes drawn for it", {}), Pressed(OCCASION, 3, "k:5:3")
    here = AGREED.tapped(tapped)

    need, same = (at_door.answer(here, visit, event=tap, script=SCRIPT) for _ in range(2))
    assert isinstance(need, NeedsHash)
    visit = replace(visit, derived={need: need.derive(need.pin, need.salt)})
    first, again = (at_door.answer(here, visit, event=tap, script=SCRIPT) for _ in range(2))

    assert (need, first) == (same, again)
    assert isinstance(first, Answer)
    assert first.account.pin.pending


def test_an_opened_chat_is_as_it_was_but_for_the_lock() -> None:
    after = altered(LOCKED, tries=3).opened(START)

    assert after == altered(LOCKED, is_locked=False, missed=3, seen=START, opened=START, over=None)
    assert door(KEYS).gate(after, PERSON, card=3, now=START).standing is AccountState.OPEN


@pytest.mark.parametrize("typed", ["0" * 24, "AB2CD", f"é{'0' * 23}"])
async def test_a_review_code_that_is_refused_is_in_the_audit_and_what_was_typed_is_not(typed: str) -> None:
    """The audit must show that somebody guesses codes. Asking how a review begins is no guess and is not recorded."""
    sam = await (await Visitor.let_in()).start()
    begun = await sam.words()
    await sam.command("review")
    assert await sam.words() == begun

    await sam.command("review", typed)

    (said,) = (await sam.store.read(lambda t: t.audit.entries()))[len(begun) :]
    assert (said.who, said.what, said.reference) == (sam.access.audit_id, "code-refused", "")
