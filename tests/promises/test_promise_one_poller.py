"""P15: two bots never poll with one store, a killed one leaves nothing locked, and the command line works beside a running one."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from bot.cli.main import PASSING
from tests.fakes.telegram import FakeTelegram, Person
from tests.support.abreast import abreast
from tests.support.command_line.cli import run_apart
from tests.support.counts import IS_FULL, times
from tests.support.promising import Promise
from tests.support.telegram.bots import Process, process
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.walker import Walker

SECONDS = 5.0 if IS_FULL else 30.0
"""Seconds within which a bot is turned away, or is ready. A bounded run, beside many others, only tells it from a hang."""

PATIENCE = 60.0
"""Seconds after which a bot is taken to hang."""

ABREAST = 2
"""How many stores there are at the same time, each with its bots."""

SAID = "Another bot runs with this store"

COMMANDS = (
    ("people", "list"),
    ("people", "invite", "--role", "practitioner"),
    ("people", "lock", str(SAM)),
    ("purge",),
    ("audit", "show"),
    ("audit", "verify"),
    ("check",),
)


async def turned_away(bot: Process, begun: float) -> float:
    """Wait until a bot has ended as it must beside another, and return how many seconds that took."""
    status = await bot.ended(seconds=PATIENCE)
    seconds = time.monotonic() - begun
    assert (status, bot.said.count("seraf-bot: ")) == (PASSING, 1), bot.said
    assert SAID in bot.said
    assert "Traceback" not in bot.said
    return seconds


async def answers(person: Person) -> None:
    """See that a bot answers: with the card, and with the help that was asked for."""
    await person.send("/help")
    await person.until(lambda: person.card.text.startswith("Help"), timeout=PATIENCE)
    await person.press("Back")


async def one_of_two(home: Home, person: Person) -> float:
    """Start two at the same moment: one is turned away, the other answers. Return how many seconds it took."""
    begun = time.monotonic()
    async with process(home) as one, process(home) as other:
        ending = [asyncio.create_task(each.says(SAID, seconds=PATIENCE)) for each in (one, other)]
        await asyncio.wait(ending, return_when=asyncio.FIRST_COMPLETED)
        loser, winner = (one, other) if SAID in one.said else (other, one)
        seconds = await turned_away(loser, begun)
        await winner.says("ready", seconds=PATIENCE)
        await answers(person)
        winner.kill()
        await asyncio.gather(*ending)
    return seconds


async def beside_another(home: Home, person: Person) -> float:
    """Start one beside one that runs: it is turned away and the first answers on; killed, it makes room at once."""
    async with process(home) as first:
        await first.says("ready", seconds=PATIENCE)
        begun = time.monotonic()
        async with process(home) as second:
            seconds = await turned_away(second, begun)
        await answers(person)
        first.kill()
        await first.ended()
    begun = time.monotonic()
    async with process(home) as third:
        await third.says("ready", seconds=PATIENCE)
        assert time.monotonic() - begun <= SECONDS
        await answers(person)
    return seconds


@asynccontextmanager
async def begun(folder: Path) -> AsyncIterator[tuple[Home, Person]]:
    """A store with which a bot has run, and somebody who has a card of it."""
    async with FakeTelegram() as server:
        home, sam = Home(folder, server), server.person(SAM)
        await sam.send("/start")
        async with process(home) as bot:
            await bot.says("ready", seconds=PATIENCE)
            await sam.sees("SERAF consultation")
        yield home, sam


async def commands(folder: Path, draw: Random, *, rounds: int) -> int:
    """Give every command beside a bot, so many times; how often it went on after one."""
    done = 0
    async with FakeTelegram() as server:
        home = Home(folder, server, roles={KIM: "admin"})
        walker = Walker(server.person(SAM), draw)
        async with process(home) as bot:
            await bot.says("ready", seconds=PATIENCE)
            await walker.begin(until_item=2)
            for words in COMMANDS * rounds:
                ran = await asyncio.to_thread(run_apart, folder, *words, settings=home.environment)
                assert (ran.status, ran.err) == (0, ""), ran
                await answers(walker.person)
                done += not bot.is_over
    return done


@pytest.mark.prove
async def test_a_second_bot_ends_and_the_first_answers_on(tmp_path: Path, promise: Promise) -> None:
    """P15: started beside one that runs, or at the very same moment; to be started again, one clear line, within 5 s."""
    starts = times(200, 2)

    async def some(number: int) -> list[float]:
        """What each start took with one of the stores, where half of all begin."""
        async with begun(tmp_path / str(number)) as (home, sam):
            mine = range(number * starts // ABREAST, (number + 1) * starts // ABREAST)
            return [await (one_of_two if each % 2 else beside_another)(home, sam) for each in mine]

    took = await abreast(range(ABREAST), some, at_once=ABREAST)

    seconds = [each for some_took in took for each in some_took]
    reached = sum(each <= SECONDS for each in seconds)
    promise.reached(
        "P15", asked=starts, reached=reached, of="double starts: the second ends within 5 s, the first goes on"
    )


@pytest.mark.prove
async def test_the_command_line_works_beside_a_running_bot(tmp_path: Path, promise: Promise) -> None:
    """P15: every command that works at the store, while somebody goes on pressing; and the bot goes on after each."""
    rounds, stores = times(20, 1), times(4, 1)

    async def some(number: int) -> int:
        """What came of some of the rounds."""
        return await commands(tmp_path / str(number), Random(number), rounds=rounds // stores)

    done = sum(await abreast(range(stores), some, at_once=stores))

    promise.reached(
        "P15", asked=rounds * len(COMMANDS), reached=done, of="commands beside a running bot, which answers on"
    )
