"""How long the guests of a rehearsal room wait for their cards, and people with a case beside them: `python -m bench.room`.

Sixty guests and twenty people with a case press, at a person's pace and without pauses. The program runs `seraf-bot web` in
a process of its own on a new SQLite store.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.conversation.conversation import Conversation
from bot.crypto.at_random import make_reference
from bot.crypto.keys import create_key_file, load_key_file
from bot.rehearsal.mode import REHEARSALS
from bot.runtime.clock import SystemClock
from bot.runtime.person_id import PersonId
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.tables import Tables
from bot.storage.values import SignIn
from dialogs.core.role import Role
from dialogs.rehearsal.core.rooms import decode_room
from tests.support.people.admitting import access, admit, door
from tests.support.people.plans import Plan, is_result
from tests.support.shipped import LINK, SCRIPT
from tests.support.talk.gathering import Reader, next_label
from tests.support.web.browser import Browser
from tests.support.web.rooming import PAGED, TRAINER, RoomBrowser, RoomHost
from tests.support.web.running import CLIENT, ISSUER, SIGNED_IN
from tests.support.web.wire import HOST

PORT = 8093
SETTLED = 6.0
"""How many seconds the bot may take to find out which cases it can generate. The guests come only after that."""


@dataclass(slots=True)
class Times:
    """Measured times in seconds: until each guest's first card, of each tap of a guest, and of each tap in a case."""

    first: list[float] = field(default_factory=list)
    taps: list[float] = field(default_factory=list)
    cases: list[float] = field(default_factory=list)


class Guest:
    """A simulated guest of the room, with a browser and an IP address of its own. Its times include the reading of the page."""

    def __init__(self, number: int, code: str, times: Times, *, pause: float) -> None:
        self._browser = RoomBrowser(PORT, f"/room/{code}")
        self._browser.wire.source = f"127.0.{1 + number // 200}.{1 + number % 200}"
        self._reads = Reader(number)
        self._times = times
        self._pause = pause
        self._chance = random.Random(number)

    async def play(self) -> bool:
        """Join the room, and go through the rehearsal. Return True if the guest reached the result."""
        browser = self._browser
        await asyncio.sleep(self._chance.uniform(0, self._pause))
        begun = time.perf_counter()
        await browser.open()
        await browser.press("Join")
        self._times.first.append(time.perf_counter() - begun)
        while label := next_label(browser.text, browser.choices, self._reads):
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) * self._pause)
            begun = time.perf_counter()
            await browser.press(PAGED.get(label, label))
            self._times.taps.append(time.perf_counter() - begun)
        await browser.close()
        return "My answers" in browser.labels


class Worker(Plan):
    """Somebody who has signed in, and goes through one SERAF after another until the task is cancelled."""

    def __init__(self, number: int, times: Times, *, pause: float) -> None:
        super().__init__(random.Random(number))
        self._browser = Browser(PORT, f"worker-{number}", cookie=SIGNED_IN)
        self._times = times
        self._pause = pause

    async def work(self) -> None:
        """Press one button after another."""
        browser = self._browser
        await browser.open()
        while True:
            browser.page.is_more_open = is_result(browser.page)
            label = self.next_label_round(browser.page)
            if label == "Start":
                self.plan_anew()
            await asyncio.sleep(self.draw.uniform(0.5, 1.5) * self._pause)
            begun = time.perf_counter()
            await browser.send(browser.form_of(label))
            self._times.cases.append(time.perf_counter() - begun)


async def open_room(folder: Path, workers: int) -> str:
    """Create a store with people who have signed in and an open rehearsal room. Return the code with which guests join it."""
    keys = create_key_file(folder / "seraf.key")
    store = await open_sqlite(folder / "seraf.sqlite", keys)
    await admit(store, [TRAINER], access(keys, Role.TRAINER, at=datetime.now(UTC)))
    people, until = [str(PersonId.on_web(ISSUER, f"worker-{each}")) for each in range(workers)], timedelta(hours=12)
    await admit(store, people, access(keys, at=datetime.now(UTC)))
    kept = [SignIn(f"worker-{each}", person, datetime.now(UTC) + until) for each, person in enumerate(people)]

    def work(tables: Tables) -> None:
        for each in kept:
            tables.sign_ins.keep(each)

    await store.write(work)
    talk = Conversation(SCRIPT, SystemClock(), make_reference, REHEARSALS, door=door(keys))
    code = await RoomHost(store, talk.linked(LINK)).opened()
    await store.close()
    return code


async def counted(folder: Path, code: str) -> tuple[int, int]:
    """Return how many guests have a seat in the room, and how many of them have finished."""
    store = await open_sqlite(folder / "seraf.sqlite", load_key_file(folder / "seraf.key"))
    shared = await store.passes.room(code, datetime.now(UTC))
    await store.close()
    room = decode_room(shared.text) if shared is not None else None
    assert room is not None
    return len(room.seats), len(room.finished)


async def measure(guests: int, workers: int, pause: float) -> str:
    """Let guests rehearse, and people work, with this average pause (s) between taps. Return the waiting times as text."""
    with tempfile.TemporaryDirectory() as name:
        folder, times = Path(name), Times()
        code = await open_room(folder, workers)
        process = await serve(folder)
        await asyncio.sleep(SETTLED)
        begun, cpu = time.perf_counter(), _cpu(process.pid)
        working = [asyncio.create_task(Worker(each, times, pause=pause).work()) for each in range(workers)]
        played = await asyncio.gather(*(Guest(n, code, times, pause=pause).play() for n in range(guests)))
        took, used = time.perf_counter() - begun, _cpu(process.pid) - cpu
        for each in working:
            each.cancel()
        for ended in await asyncio.gather(*working, return_exceptions=True):
            assert isinstance(ended, asyncio.CancelledError), ended
        process.terminate()
        await process.wait()
        joined, finished = await counted(folder, code)
    return (
        f"{guests} guests and {workers} cases, {pause} s between taps, {(len(times.taps) + len(times.cases)) / took:.0f} taps/s:"
        f" first card {_told(times.first)}; tap {_told(times.taps)}; in a case {_told(times.cases or [0.0])};"
        f" {sum(played)} came to a result, {joined} joined, {finished} finished;"
        f" {1000 * used / (len(times.taps) + len(times.cases)):.1f} ms of the server's processor for each tap"
    )


async def serve(folder: Path) -> asyncio.subprocess.Process:
    """Start `seraf-bot web` on the store in a folder, and wait until it is ready."""
    told = {
        "SERAF_WEB": "cases",
        "SERAF_OIDC_ISSUER": ISSUER,
        "SERAF_OIDC_CLIENT": CLIENT,
        "SERAF_STORE": str(folder / "seraf.sqlite"),
        "SERAF_KEY_FILE": str(folder / "seraf.key"),
        "SERAF_WEB_ADDRESS": f"https://{HOST}",
        "SERAF_WEB_BIND": f"127.0.0.1:{PORT}",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli.main", "web"),
        env={**os.environ, **told},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    while line := await asyncio.wait_for(process.stderr.readline(), 30):
        if b"ready" in line:
            break
    return process


def _cpu(pid: int) -> float:
    """Return the processor time that a process has used (seconds)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _told(seconds: Sequence[float]) -> str:
    ordered = sorted(1000 * each for each in seconds)
    p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.99))
    return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, at most {ordered[-1]:.0f} ms"


def main() -> None:
    """Measure at a person's pace, and then without a pause."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guests", type=int, default=60)
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument(
        "--pause", type=float, nargs="*", default=[1.5, 0.0], help="seconds between two taps, on average"
    )
    asked = parser.parse_args()
    for pause in asked.pause:
        print(asyncio.run(measure(asked.guests, asked.cases, pause)))  # noqa: T201


if __name__ == "__main__":
    main()
