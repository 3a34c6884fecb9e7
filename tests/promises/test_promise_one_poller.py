"""P15: two bots never poll with one store, a killed one leaves nothing locked, and the command line works beside a running one."""

import asyncio
import time
from pathlib import Path
from random import Random

import pytest

from bot.cli.main import PASSING
from tests.fakes.telegram import FakeTelegram, Person
from tests.support.command_line.cli import run_apart
from tests.support.counts import times
from tests.support.promising import Promise
from tests.support.telegram.bots import Process, process
from tests.support.telegram.home import SAM, Home
from tests.support.telegram.walker import Walker

SECONDS = 5.0
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
    status = await bot.ended()
    seconds = time.monotonic() - begun
    assert (status, bot.said.count("seraf-bot: ")) == (PASSING, 1), bot.said
    assert SAID in bot.said
    assert "Traceback" not in bot.said
    return seconds


async def answers(person: Person) -> None:
    """See that a bot answers: with the card, and with the help that was asked for."""
    await person.send("/help")
    await person.until(lambda: person.card.text.startswith("Help"), timeout=10)
    await person.press("Back")


async def one_of_two(home: Home, person: Person) -> float:
    """Start two at the same moment: one is turned away, the other answers. Return how many seconds it took."""
    begun = time.monotonic()
    async with process(home) as one, process(home) as other:
        ending = [asyncio.create_task(each.says(SAID, seconds=20)) for each in (one, other)]
        await asyncio.wait(ending, return_when=asyncio.FIRST_COMPLETED)
        loser, winner = (one, other) if SAID in one.said else (other, one)
        seconds = await turned_away(loser, begun)
        await winner.says("ready")
        await answers(person)
        winner.kill()
        await asyncio.gather(*ending)
    return seconds


async def beside_another(home: Home, person: Person) -> float:
    """Start one beside one that runs: it is turned away and the first answers on; killed, it makes room at once."""
    async with process(home) as first:
        await first.says("ready")
        begun = time.monotonic()
        async with process(home) as second:
            seconds = await turned_away(second, begun)
        await answers(person)
        first.kill()
        await first.ended()
    begun = time.monotonic()
    async with process(home) as third:
        await third.says("ready")
        assert time.monotonic() - begun <= SECONDS
        await answers(person)
    return seconds


@pytest.mark.prove
async def test_a_second_bot_ends_and_the_first_answers_on(tmp_path: Path, promise: Promise) -> None:
    """P15: started beside one that runs, or at the very same moment; to be started again, one clear line, within 5 s."""
    starts, seconds = times(200, 2), []
    async with FakeTelegram() as server:
        home, sam = Home(tmp_path, server), server.person(SAM)
        await sam.send("/start")
        async with process(home) as bot:
            await bot.says("ready")
            await sam.sees("SERAF consultation")

        for number in range(starts):
            seconds.append(await (one_of_two if number % 2 else beside_another)(home, sam))

    reached = sum(each <= SECONDS for each in seconds)
    promise.reached(
        "P15", asked=starts, reached=reached, of="double starts: the second ends within 5 s, the first goes on"
    )


@pytest.mark.prove
async def test_the_command_line_works_beside_a_running_bot(tmp_path: Path, promise: Promise) -> None:
    """P15: every command that works at the store, while somebody goes on pressing; and the bot goes on after each."""
    rounds, done = times(20, 1), 0
    async with FakeTelegram() as server:
        home, walker = Home(tmp_path, server), Walker(server.person(SAM), Random(15))
        async with process(home) as bot:
            await walker.begin(until_item=2)
            for _ in range(rounds):
                for words in COMMANDS:
                    ran = await asyncio.to_thread(run_apart, tmp_path, *words, settings=home.environment)
                    assert (ran.status, ran.err) == (0, ""), ran
                    await answers(walker.person)
                    done += not bot.is_over

    promise.reached(
        "P15", asked=rounds * len(COMMANDS), reached=done, of="commands beside a running bot, which answers on"
    )
