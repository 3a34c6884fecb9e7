"""Tests that the notice and the admission end to the second, and of how clock jumps affect locks and retention."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.access.account import Account
from bot.assemble import terms_of
from bot.conversation.changes import renewal
from bot.storage.values import Decide, Decision, Record
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.telegram.fixtures import a_home, begun_at
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.trusting import (
    access_of,
    later,
    locked_by_time,
    of_a_case,
    order,
    shown_since,
    standing,
    words,
)
from tests.support.telegram.walker import come_to_item, item_number, tap_pin

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
REFUSED = ("/start", "/resume", "/pause", "/erase", "/cancel", "hello")

home = a_home(lock_minutes=10)

sam = begun_at(3)


async def at_item(sam: Person, number: int) -> None:
    await sam.until(lambda: item_number(sam.card) == number, what=f"item {number} is not asked")
    await sam.settled()


@pytest.mark.usefixtures("seldom_swept")
@pytest.mark.parametrize(("field", "shown"), [("noticed", "Before you begin"), ("until", "Your access has run out")])
async def test_the_notice_and_an_admission_end_at_their_second(
    clock: FakeClock, running_bot: Home, server: FakeTelegram, field: str, shown: str
) -> None:
    kim = await come_to_item(server.person(KIM, first_name="Kim"), 3)
    lasts = terms_of(running_bot.settings).notice if field == "noticed" else timedelta()
    await standing(running_bot, clock, KIM, **{field: clock() - lasts + 2 * SECOND})
    await kim.ask("/resume")
    await at_item(kim, 3)
    clock.advance(1)
    await kim.press("No")
    await at_item(kim, 4)
    begun = len(kim.acts)

    clock.advance(1)
    await kim.click("No")
    await kim.sees(shown)
    await kim.settled()

    assert of_a_case(shown_since(kim, begun)) == []
    assert len((await running_bot.session(KIM)).answers.items) == 3
    if field == "noticed":
        assert lasts == 90 * DAY
        await kim.press("I understand")
        await at_item(kim, 4)
        assert (await access_of(running_bot, KIM)).door.noticed == clock()
        assert (await words(running_bot)).count("notice") == 1


async def test_the_notice_comes_unasked_when_it_is_due_and_is_in_the_audit_each_time(
    home: Home, clock: FakeClock, sam: Person
) -> None:
    for times in (1, 2, 3):
        await standing(home, clock, noticed=clock() - terms_of(home.settings).notice + SECOND)
        await sam.sees("item 3 of 30")
        clock.advance(1)
        await sam.sees("Before you begin")
        await sam.settled()
        assert of_a_case([sam.card.text]) == []
        await sam.press("I understand")
        await at_item(sam, 3)
        assert (await words(home)).count("notice") == times


async def test_after_a_renewal_the_case_is_as_it_was(home: Home, clock: FakeClock, sam: Person) -> None:
    before = await home.session(SAM)
    await standing(home, clock, until=clock() + SECOND)
    clock.advance(1)
    await sam.sees("Your access has run out")
    await sam.settled()
    begun = len(sam.acts)
    for said in REFUSED:
        await sam.send(said)
        await sam.settled()
    assert of_a_case(shown_since(sam, begun)) == []

    await order(home, clock, renewal(clock(), terms_of(home.settings), has_new_pin=False))
    await sam.sees("Tap your PIN")
    await sam.settled()
    await tap_pin(sam)
    await at_item(sam, 3)

    after = await home.session(SAM)
    assert (after.answers.items, after.reference, after.place) == (before.answers.items, before.reference, before.place)
    assert (await access_of(home)).admission.until == clock() + 90 * DAY


def _untouched(since: datetime) -> Decide:
    """Return a change after which the person's cases were last touched at this time."""

    def decide(record: Record, _: object = None) -> Decision:
        heads = tuple(replace(head, touched=since) for head in record.heads)
        return Decision(replace(record, heads=heads, due=since))

    return decide


async def test_a_clock_set_forward_by_a_day_erases_only_what_is_due_by_it(
    home: Home, clock: FakeClock, server: FakeTelegram, sam: Person
) -> None:
    kim = await come_to_item(server.person(KIM, first_name="Kim"), 3)
    await standing(home, clock, KIM, seen=clock() - 6 * DAY)
    await order(home, clock, _untouched(clock() - 6 * DAY), KIM)

    await locked_by_time(home, clock, sam, hours=24)
    await kim.until(lambda: not any(each.by_bot for each in kim.chat), what="the case is not gone")
    await sam.sees("Locked")

    gone, kept = await home.record(KIM), await home.record(SAM)
    assert gone is not None
    assert gone.case is None
    assert kept is not None
    assert kept.case is not None
    await later(home, clock, sam, hours=-24)
    await tap_pin(sam)
    await at_item(sam, 3)
    assert isinstance(await access_of(home, KIM), Account)
