"""P15 of docs/promises.md: two bots never poll with one store or one token.

A killed bot leaves no lock behind, and the command line works beside a running bot.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from bot.channels.telegram import connecting, polling
from bot.cli.main import PASSING
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.abreast import abreast
from tests.support.command_line.cli import run_apart
from tests.support.counts import IS_FULL, times
from tests.support.promising import Promise
from tests.support.telegram.bots import At, Process, process, running
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.walker import Walker, is_result

SECONDS = 5.0 if IS_FULL else 30.0
"""The limit in seconds until a bot is refused or ready. A bounded run, beside many others, allows more."""

PATIENCE = 60.0

ABREAST = 2
"""The number of stores at the same time, each with its own bots."""

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
    status = await bot.ended(seconds=PATIENCE)
    seconds = time.monotonic() - begun
    assert (status, bot.said.count("seraf-bot: ")) == (PASSING, 1), bot.said
    assert SAID in bot.said
    assert "Traceback" not in bot.said
    return seconds


async def answers(person: Person) -> None:
    await person.send("/help")
    await person.until(lambda: person.card.text.startswith("Help"), timeout=PATIENCE)
    await person.press("Back")


async def one_of_two(home: Home, person: Person) -> float:
    """Start two bots at once: one is refused, the other answers. Return how many seconds the refusal took."""
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


async def start_another(home: Home, person: Person) -> float:
    """Start a second bot: it is refused. Kill the first: a third can start. Return the seconds of the refusal."""
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
    async with FakeTelegram() as server:
        home, sam = Home(folder, server), server.person(SAM)
        await sam.send("/start")
        async with process(home) as bot:
            await bot.says("ready", seconds=PATIENCE)
            await sam.sees("SERAF consultation")
        yield home, sam


async def commands(folder: Path, draw: Random, *, rounds: int) -> int:
    """Run every command `rounds` times beside a bot. Return after how many commands the bot still ran and answered."""
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
    """P15: beside a running bot, or at the same moment. The second ends within 5 s with one clear line."""
    starts = times(200, 2)

    async def some(number: int) -> list[float]:
        async with begun(tmp_path / str(number)) as (home, sam):
            mine = range(number * starts // ABREAST, (number + 1) * starts // ABREAST)
            return [await (one_of_two if each % 2 else start_another)(home, sam) for each in mine]

    took = await abreast(range(ABREAST), some, at_once=ABREAST)

    seconds = [each for some_took in took for each in some_took]
    reached = sum(each <= SECONDS for each in seconds)
    promise.reached(
        "P15", asked=starts, reached=reached, of="double starts: the second ends within 5 s, the first goes on"
    )


@pytest.mark.prove
async def test_the_command_line_works_next_to_a_running_bot(tmp_path: Path, promise: Promise) -> None:
    """P15: every command that uses the store succeeds while a person goes on pressing."""
    rounds, stores = times(20, 1), times(4, 1)

    async def some(number: int) -> int:
        return await commands(tmp_path / str(number), Random(number), rounds=rounds // stores)

    done = sum(await abreast(range(stores), some, at_once=stores))

    promise.reached(
        "P15", asked=rounds * len(COMMANDS), reached=done, of="commands beside a running bot, which answers on"
    )


URGENT = "In danger now: call 999"

RESTARTS = times(120, 2)
"""How many times a second bot is started: about every five seconds for ten minutes."""

QUIET = connecting.QUIET if IS_FULL else 1.0
"""How many seconds the second bot looks for another poller. A bounded run uses fewer."""


async def taps_on(walker: Walker, until: asyncio.Event) -> tuple[int, int]:
    """Complete SERAFs and ask whom to call, until `until` is set. Return the numbers of actions and of answers."""
    asked = answered = 0
    while not until.is_set():
        asked += 1
        if is_result(walker.person.card):
            await walker.begin_again()
        elif asked % 5:
            await walker.person.press(walker.next_label(walker.person.card))
        else:
            await walker.person.send("/urgent")
            await walker.person.sees(URGENT, timeout=PATIENCE)
            await walker.person.press("Back")
            await walker.person.until(lambda: URGENT not in walker.person.card.text, timeout=PATIENCE)
        await walker.person.settled()
        answered += 1
    return asked, answered


@pytest.mark.prove
async def test_a_newcomer_with_the_same_token_turns_nobody_away(
    tmp_path: Path, promise: Promise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P15: a bot with another store is restarted for ten minutes. Only the first bot answers its people."""
    if not IS_FULL:
        monkeypatch.setattr(polling, "AGAIN", 0.1)
    clock, draw, over = FakeClock(), Random(15), asyncio.Event()
    async with FakeTelegram(clock=clock) as server:
        home, people = Home(tmp_path / "first", server), [server.person(SAM), server.person(KIM)]
        newcomer = Home(tmp_path / "newcomer", server, admitted=frozenset())
        async with running(home, At(clock)) as first:
            walkers = [Walker(person, Random(person.chat_id)) for person in people]
            for walker in walkers:
                await walker.begin()
            clock.advance(minutes=2)
            work = [asyncio.create_task(taps_on(walker, over)) for walker in walkers]
            for _ in range(RESTARTS):
                async with running(newcomer, At(clock), quiet=QUIET) as bot:
                    await asyncio.wait([bot, *work], timeout=QUIET * draw.uniform(0.2, 0.8))
                    assert not bot.done()
            over.set()
            counts = await asyncio.gather(*work)
            assert not first.done()

    turned_away = sum(person.transcript.count("private service") for person in people)
    asked, answered = (sum(column) for column in zip(*counts, strict=True))
    reached = answered if not turned_away else 0
    promise.reached("P15", asked=asked, reached=reached, of="acts beside a newcomer with the same token, turned away 0")
