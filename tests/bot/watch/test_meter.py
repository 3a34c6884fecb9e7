"""Tests of what a bot counts about itself: separately for each bot, and at negligible cost."""

import asyncio

from bot.watch.meter import LATEST, METER, Meter, meter


async def answered() -> None:
    """Stand in for the answer to a tap; take no time."""


async def test_a_tap_is_counted_from_when_it_was_heard_until_it_was_answered() -> None:
    now = [10.0]
    counts = Meter(lambda: now[0])
    since = counts.now()

    async def slowly() -> None:
        now[0] += 0.25

    await counts.timing(slowly, since)
    for _ in range(LATEST):
        await counts.timing(answered, counts.now())

    assert counts.taps == LATEST + 1
    assert list(counts.seconds) == [0.0] * LATEST


def test_of_tries_in_a_row_that_did_not_arrive_the_first_counts() -> None:
    """If the last attempt counted, a message that is never delivered would never seem late."""
    now = [10.0]
    counts, probed = Meter(lambda: now[0]), list[float | None]()
    for arrives in (False, False, True, False):
        counts.probes()
        probed.append(counts.probed)
        now[0] += 1.0
        if arrives:
            counts.delivers()

    assert probed == [10.0, 10.0, 10.0, 13.0]


async def test_two_bots_in_one_process_count_apart() -> None:
    async def run(times: int) -> int:
        METER.set(counts := Meter())
        await asyncio.gather(*(asyncio.create_task(happen()) for _ in range(times)))
        return counts.events["turned away"]

    async def happen() -> None:
        await asyncio.sleep(0)
        meter().happened("turned away")

    assert await asyncio.gather(*(asyncio.create_task(run(times)) for times in (2, 3))) == [2, 3]
