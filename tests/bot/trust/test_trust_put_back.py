"""Tests of old rows put back into the file of a running or stopped bot: only the person concerned sees an error."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.conversation.changes import removal
from bot.crypto.keys import load_key_file
from tests.fakes.telegram import FakeClock, Person
from tests.support.telegram.bots import At, running
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.trusting import of_a_case, order, shown_since, words
from tests.support.telegram.walker import come_to_item, item_number

OWN = "SELECT kase FROM old.case_people WHERE person = ?"
TABLES = {
    **dict.fromkeys(("people", "standings", "rehearsals"), "mark = ?"),
    "case_keys": f"id IN (SELECT key FROM old.cases WHERE mark IN ({OWN}))",
    "cases": f"mark IN ({OWN})",
    "case_people": "person = ?",
}


def put_back(home: Home, old: bytes, person: int) -> None:
    copy = home.folder / "old.sqlite"
    copy.write_bytes(old)
    mark = load_key_file(home.key_file).mark("person", f"telegram:{person}")
    with closing(sqlite3.connect(home.store, isolation_level=None)) as other:
        other.execute("ATTACH ? AS old", (str(copy),))
        for table, where in TABLES.items():
            other.execute(f"DELETE FROM main.{table} WHERE {where}", (mark,))
            other.execute(f"INSERT INTO main.{table} SELECT * FROM old.{table} WHERE {where}", (mark,))


async def begun(home: Home, person: int) -> Person:
    return await come_to_item(home.server.person(person), 3)


@pytest.mark.parametrize("is_down", [False, True])
async def test_a_removed_person_who_is_put_back_is_not_admitted_again(
    home: Home, clock: FakeClock, *, is_down: bool
) -> None:
    with capture_logs() as logged:
        async with running(home, At(clock)):
            sam, kim = await begun(home, SAM), await begun(home, KIM)
            old = home.store.read_bytes()
            await order(home, clock, removal(clock()))
            await sam.until(lambda: not of_a_case(message.text for message in sam.chat), timeout=10)
            if not is_down:
                put_back(home, old, SAM)
                await tries(sam, kim)
        if is_down:
            put_back(home, old, SAM)
            async with running(replace(home, admitted=frozenset()), At(clock)):
                await kim.until(lambda: "out of step" in [line["event"] for line in logged], timeout=10)
                await tries(sam, kim)

    assert (await words(home)).count("out-of-step") in (1, 2)


def item_of(person: Person) -> int:
    card = person.keyboard_message
    return 0 if card is None else item_number(card)


async def tries(sam: Person, kim: Person) -> None:
    before, acts = item_of(kim), len(sam.acts)
    await sam.send("/start")
    await sam.until(lambda: any("Something went wrong" in text for text in shown_since(sam, acts)), timeout=10)
    assert of_a_case(shown_since(sam, acts)) == []
    await kim.click("No")
    await kim.until(lambda: item_of(kim) != before, timeout=10)
