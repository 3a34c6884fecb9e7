"""Test that a rotation of the keys by another process, while people answer, loses nothing that was acknowledged."""

import asyncio
import json
from random import Random

from tests.fakes.telegram import FakeTelegram, Person
from tests.support.command_line.cli import Ran, run_apart
from tests.support.telegram.bots import process, running
from tests.support.telegram.fixtures import a_home, real_time
from tests.support.telegram.home import Home
from tests.support.telegram.trusting import words
from tests.support.telegram.walker import Walker, item_number

PEOPLE = (11, 12, 13)
MOST = 25
"""From this item on, a person who is faster than the rotation only opens and closes “What counts?”."""

SECONDS = 20.0

clock = real_time()

home = a_home(admitted=frozenset(PEOPLE))


async def rotate(home: Home) -> Ran:
    return await asyncio.to_thread(
        run_apart, home.folder, "keys", "rotate", "--no-backup", settings=home.environment | {"COLUMNS": "200"}
    )


async def answer_while(walker: Walker, rotation: "asyncio.Task[Ran]") -> tuple[int, int]:
    """Answer items until shortly after the rotation; return the number of taps and the number of the current item."""
    person, taps, more = walker.person, 0, 3
    while more:
        more -= rotation.done()
        number = item_number(person.card)
        labels = (walker.next_label(person.card),) if number < MOST else ("What counts?", "Back")
        for label in labels:
            await person.press(label, timeout=SECONDS)
            await person.settled(timeout=SECONDS)
            taps += 1
        while not item_number(person.card):
            await person.press(walker.next_label(person.card), timeout=SECONDS)
            await person.settled(timeout=SECONDS)
    return taps, item_number(person.card)


async def erase(person: Person) -> None:
    await person.send("/erase")
    await person.sees("cannot be undone", timeout=SECONDS)
    await person.press_last("Erase now", timeout=SECONDS)
    await person.until(lambda: not person.chat, timeout=SECONDS, what="the chat was not emptied")


async def finish(home: Home, walkers: list[Walker]) -> None:
    async with running(home):
        for walker in walkers:
            await walker.person.send("/resume")
            await walker.person.settled(timeout=SECONDS)
            await walker.finish()


async def test_a_rotation_beside_a_running_bot_loses_no_answer(server: FakeTelegram, home: Home) -> None:
    before = json.loads(home.key_file.read_text())
    walkers = [Walker(server.person(number, first_name=f"P{number}"), Random(number)) for number in PEOPLE]
    async with process(home) as bot:
        await bot.says("ready")
        await asyncio.gather(*(walker.begin(until_item=2) for walker in walkers))
        await asyncio.gather(*(walker.person.settled(timeout=SECONDS) for walker in walkers))

        rotation = asyncio.create_task(rotate(home))
        pressed = await asyncio.gather(*(answer_while(walker, rotation) for walker in walkers))
        ran = await rotation

        assert (ran.status, ran.err) == (0, "")
        for walker, (taps, number) in zip(walkers, pressed, strict=True):
            assert taps >= number - 2 > 0
            assert (await home.session(walker.person.chat_id)).answers.items == walker.planned(number - 1)
        await erase(walkers[0].person)
        assert (await bot.terminated())[0] == 0

    await finish(home, walkers[1:])
    after, record = json.loads(home.key_file.read_text()), await home.record(PEOPLE[0])
    assert record is not None
    assert record.case is None
    assert (after["seal"] != before["seal"], after["carry"] == before["carry"]) == (True, True)
    assert (await words(home)).count("keys-rotated") == 1
