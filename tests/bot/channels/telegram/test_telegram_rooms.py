"""Tests of rehearsals in groups (rooms) and twos (pairs) over HTTP: sixty people, a trainer's card, files, no names."""

import asyncio
import io
import re

import pytest
from pypdf import PdfReader

from bot.crypto.keys import load_key_file
from dialogs.core.role import Role
from tests.fakes.telegram import FakeClock, Message, Person
from tests.support.counts import times
from tests.support.people.admitting import access, admit
from tests.support.store.canaries import found_in
from tests.support.talk.gathering import Reader
from tests.support.telegram.bots import At, running
from tests.support.telegram.fixtures import a_home
from tests.support.telegram.home import Home
from tests.support.telegram.rooms import card_of, code_on, finish, opened, take_part, tap
from tests.support.telegram.walker import tap_pin

TRAINER = 7
MOST = 60

PEOPLE = times(MOST, 8)
FIRST = 100
AHEAD = 3
"""Seconds within which the trainer's card shows a change in the room."""

home = a_home(admitted=frozenset({TRAINER, *range(FIRST, FIRST + MOST + 1)}))


async def as_trainer(home: Home, clock: FakeClock) -> None:
    store = await home.opened()
    await admit(store, [f"telegram:{TRAINER}"], access(load_key_file(home.key_file), Role.TRAINER, at=clock()))
    await store.close()


async def follows(trainer: Person, clock: FakeClock, words: str) -> Message:
    for _ in range(60):
        clock.advance(AHEAD)
        await asyncio.sleep(0.5)
        if words in card_of(trainer).text:
            return card_of(trainer)
    raise AssertionError(f"{words!r} is not on the card:\n{card_of(trainer).text}")


async def file_of(person: Person, label: str) -> Message:
    before = len([message for message in person.chat if message.media])
    await person.click(label)
    await person.until(lambda: len([message for message in person.chat if message.media]) > before, timeout=60)
    await person.settled()
    return [message for message in person.chat if message.media][-1]


@pytest.mark.prove
async def test_sixty_people_rehearse_in_one_room(home: Home, clock: FakeClock) -> None:
    await as_trainer(home, clock)
    server, people = home.server, [home.server.person(FIRST + number) for number in range(PEOPLE)]
    async with running(home, At(clock)):
        trainer = server.person(TRAINER)
        code = await opened(trainer)
        qr = await file_of(trainer, "QR code")
        await asyncio.gather(*(take_part(person, code, number) for number, person in enumerate(people)))
        live = await follows(trainer, clock, f"{PEOPLE} of up to 60 joined. {PEOPLE} finished.")
        await tap(trainer, "End the room")
        closed, differ = await tap(trainer, "Close and compare"), await tap(trainer, "Next page")
        heat, paper = await file_of(trainer, "Heat map"), await file_of(trainer, "Results PDF")
        await tap(people[0], "My answers")
        waits = card_of(people[0]).text
        await tap(trainer, "Open model answers")
        left = home.ask("SELECT count(*) FROM rooms")
        await tap(people[0], "My answers")
        shown = trainer.transcript

    assert f"1:{PEOPLE} 2:{PEOPLE} 3:{PEOPLE}" in live.text
    assert f"{PEOPLE} of {PEOPLE} people finished." in closed.text
    assert "Critical actions" in differ.text
    assert left == [(0,)]
    assert "once you are told that they are open" in waits
    assert "critical action" in card_of(people[0]).text
    assert qr.text.startswith(f"To join: /join {code}")
    assert heat.content.startswith(b"\x89PNG")
    assert "Critical actions" in PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert not [person for person in people if re.search(rf"\b{person.user['id']}\b", shown)]


async def test_a_room_outlives_a_restart(home: Home, clock: FakeClock) -> None:
    await as_trainer(home, clock)
    server = home.server
    trainer, first, second = server.person(TRAINER), server.person(FIRST), server.person(FIRST + 1)
    async with running(home, At(clock)):
        code = await opened(trainer)
        await take_part(first, code, 0, to_the_end=False)
    async with running(home, At(clock)):
        await finish(first, Reader(0))
        await take_part(second, code, 1, to_the_end=False)

        await follows(trainer, clock, "2 of up to 60 joined. 1 finished.")


async def test_only_a_trainer_opens_a_room(home: Home, clock: FakeClock) -> None:
    await as_trainer(home, clock)
    async with running(home, At(clock)):
        code = await opened(home.server.person(TRAINER))
        practitioner, stranger = home.server.person(FIRST), home.server.person(9)
        await practitioner.ask("/start")
        await practitioner.send("/room")
        await practitioner.sees("Your role cannot do that.")
        await stranger.start(f"room-{code.replace('-', '')}")

        await stranger.sees("This is a private service.")


async def agreed(first: Person) -> str:
    await first.ask("/start")
    await first.ask("/pair")
    await tap(first, "Case 3")
    return code_on(await tap(first, "I agree"))


async def test_a_pair_sees_where_they_differ_and_nothing_of_it_is_left(home: Home, clock: FakeClock) -> None:
    first, second = home.server.person(FIRST), home.server.person(FIRST + 1)
    async with running(home, At(clock)):
        code = await agreed(first)
        await second.send(f"/join {code}")
        await second.sees("Somebody asks you to rehearse this in a pair.")
        await tap(second, "I agree")
        await follows(first, clock, "Both of you have agreed.")
        await finish(first, Reader(0))
        await tap(first, "Where we differ")
        assert "The other person has not finished." in card_of(first).text
        await finish(second, Reader(3))
        await tap(second, "Where we differ")

        await follows(first, clock, "Critical actions missed")
        await tap(first, "Next page")
        await tap(second, "Next page")
        theirs = card_of(first).text
        await second.settled()
        mine = card_of(second).text
        left = home.ask("SELECT count(*) FROM rooms")
        content = home.store.read_bytes()

    assert "You: No. The other: Yes." in theirs
    assert "You: Yes. The other: No." in mine
    assert left == [(0,)]
    assert found_in(content, [code, code.replace("-", "")]) == []


async def test_a_card_follows_also_after_a_lock(home: Home, clock: FakeClock) -> None:
    first, second = home.server.person(FIRST), home.server.person(FIRST + 1)
    async with running(home, At(clock)):
        code = await agreed(first)
        await take_part(second, code, 0, to_the_end=False)
        await first.ask("/lock")
        await tap_pin(first)

        await follows(first, clock, "Both of you have agreed.")
