"""P5 of docs/promises.md: nobody sees or changes another's case, and each role can do only what its row grants."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from secrets import token_hex

import pytest

from bot.assemble import terms_of
from bot.conversation.changes import locking, removal, renewal
from bot.conversation.records import session_of
from bot.runtime.errors import StoreFault
from bot.storage.ledger import COUNTED
from bot.storage.store import Store
from bot.storage.values import Inbound, Record
from dialogs.core.role import Role
from dialogs.turn.commands import NAMES
from tests.fakes.telegram import FakeClock, FakeTelegram, Person
from tests.support.command_line.bot_api import telegram_settings
from tests.support.command_line.desk import made
from tests.support.counts import times
from tests.support.people.cells import cells
from tests.support.people.commands import COMMANDS
from tests.support.people.crowds import FORGED, run
from tests.support.people.staff import fresh
from tests.support.people.visiting import OPEN, Visitor
from tests.support.promising import Promise
from tests.support.store.builders import ask
from tests.support.store.server import are_on_server
from tests.support.telegram.bots import At, running
from tests.support.telegram.home import KIM, SAM, Home
from tests.support.telegram.walker import Walker

STEPS = 80

TOUCHES = 25
"""How many times in a run one person presses another person's buttons."""

PEOPLE = (SAM, KIM, 11)

ABREAST = 5
"""The number of runs at the same time. Each mostly waits until an administrator's order takes effect."""


@pytest.mark.prove
async def test_nobody_notices_what_others_press(promise: Promise) -> None:
    """P5: each person's row, card and toasts are as if they were alone, whatever others and administrators do."""
    runs, happened = times(10_000, 12), Counter[str]()

    for seed in range(runs):
        crowd = await run(seed, steps=STEPS)
        happened.update(entry.what for entry in await crowd.beside.together.store.read(lambda t: t.audit.entries()))

    assert {"begun", "erased", "removed", "renewed", "locked", "unlocked", "panic", "admitted"} <= happened.keys()
    promise.reached("P5", asked=runs, reached=runs, of="runs of two or three people: reads across 0, writes across 0")


@pytest.mark.prove
async def test_each_role_can_do_what_its_row_grants_and_no_more(promise: Promise) -> None:
    """P5: every command is tried with every role in every account state."""
    every, wrong = cells()[:: times(1, 3)], {}

    for cell in every:
        if faults := await cell.faults():
            wrong[cell] = faults

    assert set(COMMANDS) == set(NAMES)
    assert wrong == {}
    promise.reached("P5", asked=len(every), reached=len(every) - len(wrong), of="cells: role, standing, command")


class Stranded:
    """One run over HTTP: three people with a case each, who press each other's buttons."""

    def __init__(self, home: Home, store: Store, draw: Random) -> None:
        self.home, self.store, self.draw = home, store, draw
        self.people = [home.server.person(number, first_name=f"Person {number}") for number in PEOPLE]

    async def begin(self) -> None:
        for person in self.people:
            await Walker(person, self.draw).begin(until_item=self.draw.randint(2, 6))
            await person.settled()

    async def record(self, person: Person) -> Record:
        found = await self.store.recall(f"telegram:{person.chat_id}")
        assert found is not None
        return found[0]

    async def touch(self, one: Person, other: Person) -> None:
        """Let `one` press a button of `other`. Check that the row and chat of `other` stay exactly the same."""
        before, shown = await self.record(other), other.chat
        data = [button.callback_data for button in other.card.buttons if button.callback_data]
        token = data[0].partition(":")[0]
        data += [f"{token}:{self.draw.choice(FORGED)}"[:64]] * 3
        message = other.card if self.draw.random() < 0.5 or not one.chat else one.card
        self.home.server.world.tap(one.user, message, self.draw.choice(data))
        await one.settled()
        assert await self.record(other) == before
        assert other.chat == shown

    async def order(self, person: Person) -> None:
        now, terms, shown = self.home.server.world.clock(), terms_of(self.home.settings), person.chat
        decide = self.draw.choice((removal(now), locking(now), renewal(now, terms, has_new_pin=True)))
        await self.store.turns([Inbound(f"cli:{person.chat_id}", now, f"telegram:{person.chat_id}", decide, None)])
        await person.until(lambda: person.chat != shown, what="the order was not shown")
        await person.settled()

    def shown_across(self, references: dict[int, str]) -> list[str]:
        """Return each case reference of one person that was ever shown to another person."""
        read = {
            person.chat_id: repr([stay.versions for stay in person.history]) + repr(person.answers)
            for person in self.people
        }
        return [
            f"{reference} in the chat of {one}"
            for one, words in read.items()
            for other, reference in references.items()
            if one != other and reference in words
        ]


async def one_run(home: Home, draw: Random) -> None:
    """Let three people press each other's buttons, before and after an order. Check what each was shown."""
    store = await home.opened()
    three = Stranded(home, store, draw)
    await three.begin()
    references = {each.chat_id: session_of(await three.record(each)).reference for each in three.people}
    ordered, *others = draw.sample(three.people, 3)
    for _ in range(TOUCHES):
        await three.touch(*draw.sample(three.people, 2))
    await three.order(ordered)
    for _ in range(TOUCHES):
        await three.touch(draw.choice((ordered, others[0])), others[1])
    assert three.shown_across(references) == []
    await store.close()


@pytest.mark.prove
async def test_nobody_reaches_anothers_case_over_http(tmp_path: Path, promise: Promise) -> None:
    """P5: buttons of another person's card and forged ones, pressed on either message, with an order in between."""
    runs, waiting = times(60, 1), asyncio.Semaphore(ABREAST)

    async def one_house(seed: int) -> None:
        references = (f"HAZEL OTTER {number}" for number in count(10))
        async with waiting, FakeTelegram(clock=FakeClock()) as server:
            home = Home(tmp_path / str(seed), server, admitted=frozenset(PEOPLE))
            async with running(home, At(server.world.clock), references=references.__next__):
                await one_run(home, Random(seed))

    await asyncio.gather(*map(one_house, range(runs)))

    promise.reached("P5", asked=runs, reached=runs, of="runs over HTTP: reads across 0, writes across 0")


FORGED_NAME = "seraf_help_bot"
"""The name of a bot that an attacker with access to the file, but without its key, would write into it."""


def in_clear(path: Path) -> list[tuple[str, str]]:
    every = [
        (table.name, column) for table in COUNTED for column in table.columns if column not in ("id", "mark", "key")
    ]
    return [(table, column) for table, column in every if ask(path, f"SELECT count(*) FROM {table}") != [0]]


@contextmanager
def forged(path: Path, table: str, column: str) -> Iterator[None]:
    kind, where = ask(path, f"SELECT typeof({column}) FROM {table} LIMIT 1")[0], "rowid = (SELECT min(rowid) FROM {})"
    (before,) = ask(path, f"SELECT quote({column}) FROM {table} LIMIT 1")
    other = f"'{FORGED_NAME}'" if kind in ("text", "null") else f"ifnull({column}, 0) + 1"
    ask(path, f"UPDATE {table} SET {column} = {other} WHERE {where.format(table)}")
    yield
    ask(path, f"UPDATE {table} SET {column} = {before} WHERE {where.format(table)}")


async def invited_in_chat(store: Store, path: Path, table: str, column: str) -> list[str]:
    """Return the text of an administrator's card during an invitation with a forged column, and after its repair."""
    ann = await Visitor(f"telegram:{token_hex(4)}", store=store).set(OPEN[Role.ADMIN])
    await ann.command("people", "Duty desk 3")
    with forged(path, table, column):
        try:
            await ann.press("Trainer")
        except StoreFault:  # a code cannot be decrypted, so nobody is looked up, and the card says how to ask again
            await fresh(ann)
        meanwhile = ann.text
    await ann.press("Try again" if "Try again" in ann.labels else "Trainer")
    return [meanwhile, ann.text]


@pytest.mark.prove
@pytest.mark.skipif(are_on_server(), reason="it writes into the file of a store")
def test_unsealed_columns_of_the_file_mislead_nobody(tmp_path: Path, promise: Promise) -> None:
    """P5: somebody who can write to the file without its key obtains no code by link, slip or chat, and is noticed."""
    folder = made(tmp_path)
    folder.admit()
    (folder.path / "staff.csv").write_text("label,role\nDuty desk,trainer\n", encoding="utf-8")
    folder.said("contacts", "confirm", "art")
    folder.said("people", "invite", "--role", "auditor")
    folder.do(lambda store: store.write(lambda t: t.editions.keep("fingerprint", b"instrument")))
    path = folder.path / "var" / "seraf.sqlite"
    columns, by_one, by_list = in_clear(path), ("--role", "manager"), ("--from", "staff.csv", "--to")

    for number, (table, column) in enumerate(columns):
        with forged(path, table, column):
            refused = [
                folder.refused("people", "invite", *words, **telegram_settings())
                for words in (by_one, (*by_list, f"slips {number}"))
            ]
        assert all("No code was made" in each for each in refused), (table, column)
        assert not (folder.path / f"slips {number}").exists()
        shown = folder.do(partial(invited_in_chat, path=path, table=table, column=column))
        assert ["/start" in each for each in shown] == [False, True], (table, column)
        said = folder.said("people", "invite", *by_one, **telegram_settings())
        assert ("https://t.me/seraf_bot?" in said, FORGED_NAME in said) == (True, False)

    assert ("meta", "bot") in columns
    assert [each[1] for each in folder.entries()].count("invited") == 1 + 2 * len(columns)
    promise.reached("P5", asked=len(columns), reached=len(columns), of="columns in clear: codes by a forged file 0")
