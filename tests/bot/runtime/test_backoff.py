"""Tests of the backoff: each wait is twice the last one, up to a limit, until a try succeeds."""

import time

from bot.runtime.background_tasks import Backoff

FIRST, LONGEST = 0.001, 0.004


async def test_each_wait_is_twice_as_long_up_to_the_longest() -> None:
    backoff, seconds = Backoff(FIRST, LONGEST), []
    for _ in range(4):
        seconds.append(backoff.seconds)
        await backoff.wait()

    assert seconds == [0.001, 0.002, 0.004, 0.004]


async def test_it_waits_for_the_stated_time() -> None:
    backoff = Backoff(0.05, 1)
    begun = time.monotonic()

    await backoff.wait()

    assert time.monotonic() - begun >= 0.05


async def test_a_successful_try_resets_the_wait() -> None:
    backoff = Backoff(FIRST, LONGEST)
    await backoff.wait()

    backoff.reset()

    assert backoff.seconds == FIRST
