"""P1: `kill -9` of the real process between any two taps and within one loses nothing, doubles nothing, swaps nothing.

`kill -9` is not power loss: what the disk had not yet written when the current went is another matter.
"""

import asyncio
import shutil
from pathlib import Path
from random import Random

import pytest

from state_machines.assessment import Phase
from tests.fakes.telegram import FakeTelegram, Unseen
from tests.support.counts import times
from tests.support.telegram_bots import Process, process
from tests.support.telegram_home import SAM, Home
from tests.support.telegram_walker import Walker, is_result, item_number

WRITES = "pwrite64,fsync,fdatasync,unlink"
MOST_WRITES = 120
"""How many such calls a start and a few taps make."""

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace kills at the n-th write")


def at_write(number: int) -> tuple[str, ...]:
    """What to put before the command, so that the process is killed as it begins its n-th write."""
    quiet = ("-f", "-qqq", "--seccomp-bpf", "-o", "/dev/null")
    return ("strace", *quiet, "-e", f"trace={WRITES}", "-e", f"inject={WRITES}:signal=KILL:when={number}")


async def tap_on(walker: Walker, bot: Process) -> None:
    """Press on until the process is dead or the SERAF is finished."""
    person = walker.person
    while not bot.is_over and not (person.keyboard_message and is_result(person.card)):
        if person.keyboard_message is None:
            await person.send("/start")
            await person.until(lambda: bot.is_over or person.keyboard_message is not None)
            continue
        card, answers = person.card, len(person.answers)
        await person.click(walker.next_label(card))
        await person.until(
            lambda card=card, answers=answers: bot.is_over or (len(person.answers) > answers and person.card != card)
        )


async def one_life(home: Home, walker: Walker, draw: Random) -> None:
    """Let the bot live until it is killed: at a write, or at any moment."""
    is_at_write = draw.random() < 0.5
    before = at_write(draw.randint(1, MOST_WRITES)) if is_at_write else ()
    async with process(home, before=before) as bot:
        tapping = asyncio.create_task(tap_on(walker, bot))
        if not is_at_write:
            await bot.says("ready")
            await asyncio.sleep(draw.choice((0.0, 0.01, 0.05)) + draw.random() * 0.1)
            bot.kill()
        await asyncio.wait([tapping], timeout=20)
        bot.kill()
        await bot.ended()
        await asyncio.gather(tapping, return_exceptions=True)


async def nothing_is_lost(home: Home, walker: Walker) -> None:
    """What the chat shows as saved is stored; what is stored is a beginning of the plan, in its order, and whole."""
    if not home.store.exists() or not home.store.stat().st_size:
        return
    assert home.ask("PRAGMA integrity_check") == [("ok",)]
    if await home.record(SAM) is None:
        return
    session = await home.session(SAM)
    acknowledged = max(item_number(message) for message in (*walker.person.chat, walker.person.card)) - 1
    if session.phase is Phase.ITEMS:
        assert len(session.responses) >= acknowledged
    assert session.responses == walker.planned(len(session.responses))


async def catch_up(home: Home, walker: Walker) -> None:
    """Let the bot run until the chat is where the store is, and begin anew once a SERAF is finished and right."""
    person = walker.person
    async with process(home) as bot:
        await bot.says("ready")
        await person.until(lambda: not home.server.pending and person.keyboard_message is not None, timeout=10)
        await person.settled()
        if is_result(person.card):
            await walker.finish()
            await walker.begin_again()
            await person.settled()
        bot.kill()


@pytest.mark.prove
async def test_a_crash_loses_nothing(tmp_path: Path) -> None:
    """P1: acknowledged and lost 0, doubled 0, out of order 0, the file whole; then the SERAF is finished and right."""
    draw = Random(1)
    async with FakeTelegram() as server:
        home = Home(tmp_path, server)
        walker = Walker(server.person(SAM), draw)
        await walker.person.send("/start")
        for number in range(times(1_000, 16)):
            await one_life(home, walker, draw)
            try:
                await nothing_is_lost(home, walker)
            except Unseen:
                pass  # nothing was written yet
            if number % 4 == 3:
                await catch_up(home, walker)
        async with process(home) as bot:
            await bot.says("ready")
            await walker.person.until(lambda: not server.pending)
            await walker.person.settled()
            await walker.finish()
            assert (await home.session(SAM)).responses == walker.planned(30)
        assert server.violations == []
