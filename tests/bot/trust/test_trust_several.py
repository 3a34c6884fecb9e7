"""Eight cases of one person in a real chat: each rings, is held, is erased and ends by time for itself."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.conversation.changes import holding
from bot.storage.cases import CallReminder
from bot.storage.values import Decide, Decision, Record
from tests.fakes.telegram import FakeClock, Person
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.trusting import BETWEEN_LOOKS, order, words
from tests.support.telegram.walker import come_to_item, item_number, press_on, tap_pin

TO_ITEM_ONE = ("Neither", "No", "Yes", "13–15", "Form order")


async def references(home: Home) -> list[str]:
    record = await home.record(SAM)
    assert record is not None
    return [head.reference for head in record.heads]


def changing(reference: str, **values: object) -> Decide:
    """Return a change of the head of a case, which makes its person due at once."""

    def decide(record: Record, _: object = None) -> Decision:
        heads = (replace(head, **values) if head.reference == reference else head for head in record.heads)  # type: ignore[arg-type]
        return Decision(replace(record, heads=tuple(heads), due=record.active))

    return decide


async def test_eight_cases_in_one_chat(running_bot: Home, clock: FakeClock, sam: Person) -> None:
    await come_to_item(sam, 3)
    for _ in range(7):
        for label in ("More", "Another child", "Start another", *TO_ITEM_ONE):
            await press_on(sam, label)
    first, second, third, *_, last = kept = await references(running_bot)
    assert len(set(kept)) == 8

    # The list opens the first one, where it was left; its card has its reference and no other's.
    await press_on(sam, "More")
    await press_on(sam, "Another child")
    assert "8 of 8" in sam.card.text
    assert "Start another" not in [button.label for button in sam.card.buttons]
    await press_on(sam, first)
    assert item_number(sam.card) == 3
    assert [each for each in kept if each in sam.card.text] == [first]

    # A call of another one rings above it.
    due = clock() + timedelta(minutes=1)
    await order(running_bot, clock, changing(second, call=CallReminder(due, due)))
    clock.advance(minutes=1)
    await sam.sees(f"{second}: due at")
    await sam.settled()
    assert item_number(sam.card) == 3

    # One is held, one is erased: the rest stays, and the hold stands above each card.
    await order(running_bot, clock, holding(third, clock()))
    await sam.sees(f"{third} is held for")
    await sam.settled()
    for label in ("More", "Erase", "Erase now"):
        await press_on(sam, label)
    await sam.sees("7 of 8")
    assert await references(running_bot) == kept[1:]

    # Seven days after the last tap in each, all are over but the one that is held and the one that was touched since.
    await sam.settled()
    await press_on(sam, last)
    clock.advance(hours=24 * 3)
    await sam.sees("Tap your PIN")
    await sam.settled()
    await tap_pin(sam)
    await sam.until(lambda: item_number(sam.card) == 1)
    await sam.settled()
    await press_on(sam, "No")
    clock.advance(hours=24 * 4 + 1)
    async with asyncio.timeout(20):
        while await references(running_bot) != [third, last]:
            await asyncio.sleep(BETWEEN_LOOKS)
    assert (await words(running_bot)).count("erased-by-time") == 5
