"""Promise P1: killing the real process, between two taps or within one, loses, doubles or reorders no answer.

`kill -9` does not test a power failure, after which writes that had not reached the disk may be missing.
"""

import asyncio
from functools import partial
from pathlib import Path
from random import Random

import pytest

from state_machines.assessment import Phase
from tests.fakes.telegram import FakeTelegram, Message, Person
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.store.cutting import at_write, needs_strace
from tests.support.telegram.bots import Process, process
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import Walker, is_result, item_number

MOST_WRITES = 400
"""The number of write calls that a start and about twenty taps make. The bot is killed at one of them."""

pytestmark = needs_strace


async def tap_on(walker: Walker, bot: Process) -> None:
    """Complete one SERAF after another until the process has ended, and check each result."""
    person = walker.person
    while not bot.is_over:
        card, answers = person.keyboard_message, len(person.answers)
        if card is None:
            walker.plan_anew()
            await person.send("/start")
            await person.until(lambda: bot.is_over or person.keyboard_message is not None, timeout=20)
            continue
        if is_result(card):
            assert walker.total_line() in card.text
        label = walker.next_label_round(card)
        if not label:  # the store is slow, or not open yet: another card comes
            await person.until(partial(has_another, person, bot, card), timeout=60)
            continue
        await person.click(label)
        await person.until(partial(has_moved, person, bot, card, answers), timeout=60)


def has_another(person: Person, bot: Process, card: Message) -> bool:
    return bot.is_over or person.keyboard_message != card


def has_moved(person: Person, bot: Process, card: Message, answers: int) -> bool:
    return bot.is_over or (len(person.answers) > answers and person.keyboard_message != card)


async def one_life(home: Home, walker: Walker, draw: Random) -> None:
    """Start the bot and kill it, either as it begins a random write or at a random moment."""
    is_at_write = draw.random() < 0.5
    watching = at_write(draw.randint(1, MOST_WRITES)) if is_at_write else ()
    async with process(home, watching=watching) as bot:
        tapping = asyncio.create_task(tap_on(walker, bot))
        if not is_at_write:
            await bot.says("ready")
            await asyncio.wait([tapping], timeout=draw.random() * 0.25)
            bot.kill()
        await asyncio.wait_for(tapping, 30)
        await bot.ended()


async def nothing_is_lost(home: Home, walker: Walker) -> None:
    """Check that the stored answers are the first of the planned ones and include all that the chat shows as saved."""
    if not home.store.exists() or not home.store.stat().st_size:
        return
    assert home.ask("PRAGMA integrity_check") == [("ok",)]
    if await home.record(SAM) is None:
        return
    session = await home.session(SAM)
    acknowledged = max((item_number(message) for message in walker.person.chat), default=1) - 1
    assert len(session.answers.items) >= acknowledged
    assert session.answers.items == walker.planned(len(session.answers.items))


def is_shown(person: Person, live: str) -> bool:
    card = person.keyboard_message
    return card is not None and all((each.callback_data or live).startswith(live) for each in card.buttons)


async def come_back(home: Home, walker: Walker) -> None:
    """Wait until the chat shows the stored case. If it was erased, begin another SERAF."""
    await walker.person.until(lambda: not home.server.pending, timeout=20)
    session = await home.session(SAM)
    if session.phase is Phase.ERASED:
        walker.plan_anew()
        await walker.person.send("/start")
        await walker.person.sees("SERAF consultation")
    else:
        await walker.person.until(lambda: is_shown(walker.person, f"{session.card}:"))


@pytest.mark.prove
async def test_a_crash_loses_nothing(tmp_path: Path, promise: Promise) -> None:
    """Promise P1: no acknowledged answer is lost, doubled or out of order, and the SERAF can be finished correctly."""
    draw, kills = Random(1), times(1_000, 2)
    async with FakeTelegram() as server:
        home = Home(tmp_path, server)
        walker = Walker(server.person(SAM), draw)
        await walker.person.send("/start")
        for _ in range(kills):
            await one_life(home, walker, draw)
            await nothing_is_lost(home, walker)
        async with process(home) as bot:
            await bot.says("ready")
            await come_back(home, walker)
            if "Erase" in walker.person.card.labels:
                await walker.person.press("Back")
            if "Erase now" not in walker.person.card.labels:
                await walker.finish()
                assert (await home.session(SAM)).answers.items == walker.planned(30)
        assert server.violations == []
    promise.reached("P1", asked=kills, reached=kills, of="kills after which nothing was lost")
