"""How many instructions a tap takes our bot, as valgrind counts them: in each run the same to three thousandths, where time is not.

What a change of the code is worth shows here when it is too little to be seen among all that moves a clock. What the kernel
does is not counted; and what runs every half second runs every twenty, since the bot is some fifty times slower here.
"""

import asyncio
import os
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.bots import ours
from bench.riding import Ride, Rider
from bench.tap import PEOPLE
from bench.tour import tour
from bot.channels import due_work
from bot.cli.main import run
from bot.crypto.keys import create_key_file
from bot.storage.sqlite.opening import open_sqlite
from tests.fakes.telegram import FakeTelegram
from tests.support.people.admitting import access, admit

TAPS, BURSTS = 36, 3
SELDOM = 20.0
"""Seconds between two looks at what is due."""

READY = 25.0
"""Seconds in which it works out what it does beside serving people."""


async def instructions() -> float:
    """Instructions of one tap of one person, in the middle of many."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        keys = create_key_file(folder / "seraf.key")
        store = await open_sqlite(folder / "seraf.sqlite", keys)
        await admit(store, [f"telegram:{PEOPLE[0]}"], access(keys))
        await store.close()
        counted = folder / "counted"
        under = ("valgrind", "--tool=callgrind", f"--callgrind-out-file={counted}", f"--log-file={folder / 'log'}")
        async with FakeTelegram() as server, ours(folder, server, program="bench.instructions", under=under) as bot:
            rider = Rider(server.person(PEOPLE[0]), tour())
            await rider.come(is_ours=True)
            ride = Ride("ours", bot, server, (rider,))
            await asyncio.sleep(READY)
            await ride.burst(1, TAPS)
            await _control("--zero", bot.pid)
            for _ in range(BURSTS):
                await ride.burst(1, TAPS)
            await _control("--dump", bot.pid)
            found = re.search(r"^totals: (\d+)", counted.with_name("counted.1").read_text(), re.MULTILINE)
            assert found, "valgrind has written what it counted"
            return int(found[1]) / (TAPS * BURSTS)


async def _control(what: str, pid: int) -> None:
    await asyncio.to_thread(subprocess.run, ("callgrind_control", what, str(pid)), stdout=sys.stderr, check=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["run"]:  # the bot that is looked at
        due_work.LOOK_EVERY = SELDOM
        run()
    else:
        os.environ["PYTHONHASHSEED"] = "0"
        sys.stdout.write(f"{asyncio.run(instructions()):,.0f} instructions a tap\n")
