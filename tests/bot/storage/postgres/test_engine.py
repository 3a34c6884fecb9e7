"""The engine: a commit without an answer is looked up, a server that broke off is reached again, and copies write in turn."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import psycopg
import pytest

from bot.crypto.sealing import KeyRing
from bot.runtime.errors import DamagedValue, EarlierStore, StoreFault, StoreUnavailable
from bot.runtime.settings import StorePlace
from bot.storage.moving_cases import SEVERAL
from bot.storage.postgres import engine, lease, opening
from bot.storage.postgres.opening import open_postgres
from bot.storage.sqlite import preparing
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import Done, MonthlyCount, Refused, Repeated
from tests.support.store.builders import ADA, BEA, KEYS, NOON, bringing, changed, event, left_in, one, record_of, tap
from tests.support.store.earlier import fill_earlier, make_earlier
from tests.support.store.relay import Relay, relayed
from tests.support.store.server import Server, cluster, emptied, pooled

NUMBERS = count()


async def open_at(address: str) -> Store:
    return await open_postgres(StorePlace(Path("seraf"), address), KEYS)


@pytest.fixture
def relay(database_server: Server) -> Iterator[Relay]:
    emptied(database_server)
    with relayed(database_server.folder) as passing:
        yield passing


@pytest.fixture
async def store(relay: Relay) -> AsyncIterator[Store]:
    opened = await open_at(relay.address())
    yield opened
    relay.holds = False
    await opened.close()


@pytest.fixture
async def other(store: Store, database_server: Server) -> AsyncIterator[Store]:
    opened = await open_at(database_server.address("seraf"))
    yield opened
    await opened.close()


async def counted(store: Store) -> int:
    return sum((await store.read(lambda t: t.monthly_counts.by_month())).get("2026-11", {}).get("lead", {}).values())


@pytest.mark.parametrize("lost", ["request", "answer"])
async def test_a_commit_without_an_answer_is_looked_up_and_its_work_counts_once(
    store: Store, relay: Relay, lost: str
) -> None:
    await store.turns([event("k1", tap("{}"))])
    relay.loses = lost

    outcome = await one(store, event("k2", bringing(tap("kept"), counts=[MonthlyCount("2026-11", "lead", "danger")])))

    assert isinstance(outcome, Done)
    assert (await record_of(store, ADA)).case == "kept"
    assert await counted(store) == 1
    assert isinstance(await one(store, event("k2", tap("again"))), Repeated)
    assert not await store.verify()


async def test_work_without_an_event_counts_once_too(store: Store, relay: Relay) -> None:
    added = [MonthlyCount("2026-11", "lead", "danger")]
    for lost in ("answer", "request", "answer"):
        relay.loses = lost
        await store.write(lambda t: t.monthly_counts.add(added))

    assert await counted(store) == 3
    assert not await store.verify()


async def test_nobody_is_told_that_it_is_saved_while_the_server_cannot_be_asked(
    store: Store, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST", 0.5)
    monkeypatch.setattr(engine, "LONGEST_COMMIT", 0.5)
    await store.turns([event("k1", tap("{}"))])
    relay.holds = True
    with pytest.raises(StoreUnavailable):
        await store.turns([event("k2", tap("late"))])
    relay.holds = False
    relay.cut()

    assert isinstance(await one(store, event("k2", tap("late"))), Done | Repeated)
    assert (await record_of(store, ADA)).case == "late"
    assert (await record_of(store, ADA)).card == 2


async def test_a_server_that_went_down_is_reached_again(database_server: Server) -> None:
    with cluster() as server:
        server.run("CREATE DATABASE seraf")
        store = await open_at(server.address("seraf"))
        await store.turns([event("k1", tap("before"))])
        server.signal("immediate")
        with pytest.raises(StoreUnavailable):
            await store.turns([event("k2", tap("down"))])
        with pytest.raises(StoreUnavailable):
            await store.recall(ADA)
        server.signal("start")

        assert (await record_of(store, ADA)).case == "before"
        assert isinstance(await one(store, event("k2", tap("after"))), Done)
        assert not await store.verify()
        await store.close()


async def test_copies_write_in_turn_and_lose_nothing(store: Store, other: Store) -> None:
    async def taps(at: Store, people: tuple[str, ...]) -> None:
        for _ in range(20):
            await at.turns([event(f"{next(NUMBERS)}", tap("{}"), person=person) for person in people])

    await asyncio.gather(taps(store, (ADA, BEA)), taps(other, (BEA, ADA)))

    assert [(await record_of(store, person)).card for person in (ADA, BEA)] == [40, 40]
    assert not await store.verify()
    assert not await other.verify()


async def test_a_row_that_was_put_back_is_refused_by_every_copy(
    store: Store, other: Store, database_server: Server
) -> None:
    await store.turns([event("a1", tap("{}")), event("b1", tap("{}"), person=BEA)])
    mark = KEYS.mark("person", ADA)
    with closing(psycopg.connect(database_server.address("seraf"), autocommit=True)) as desk:
        desk.execute("CREATE TABLE IF NOT EXISTS aside AS SELECT * FROM people WHERE false")
        desk.execute("DELETE FROM aside")
        desk.execute("INSERT INTO aside SELECT * FROM people WHERE mark = %s", (mark,))
        await store.turns([event("a2", tap("{}"))])
        desk.execute("UPDATE people SET (turn, profile) = (SELECT turn, profile FROM aside) WHERE mark = %s", (mark,))
        desk.execute("DROP TABLE aside")

    for copy in (store, other):
        with pytest.raises(DamagedValue):
            await copy.recall(ADA)
    assert isinstance(await one(store, event("a3", tap("{}"))), Refused)
    assert isinstance(await one(other, event("b2", tap("{}"), person=BEA)), Done)


async def test_an_older_state_of_the_whole_is_refused(store: Store, database_server: Server) -> None:
    await store.turns([event("k1", tap("{}"))])
    with closing(psycopg.connect(database_server.address("seraf"), autocommit=True)) as desk:
        page = desk.execute("SELECT number, sums FROM ledger").fetchone()
        assert page is not None
        await store.turns([event("k2", tap("{}"))])
        desk.execute("UPDATE ledger SET number = %s, sums = %s", page)

    with pytest.raises(StoreFault, match="older copy"):
        await store.turns([event("k3", tap("{}"))])


async def test_a_trigger_rule_or_policy_is_refused_at_the_start(store: Store, database_server: Server) -> None:
    function = (
        "CREATE OR REPLACE FUNCTION later() RETURNS trigger AS 'BEGIN NEW.due := 0; RETURN NEW; END' LANGUAGE plpgsql"
    )
    database_server.run(function, "seraf")
    database_server.run("CREATE TRIGGER later BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION later()", "seraf")
    try:
        with pytest.raises(StoreFault, match="trigger “later”"):
            await open_at(database_server.address("seraf"))
    finally:
        database_server.run("DROP TRIGGER later ON people", "seraf")


async def test_a_trigger_that_changes_a_row_is_noticed(store: Store, database_server: Server) -> None:
    await store.turns([event("k1", tap("{}"))])
    function = (
        "CREATE OR REPLACE FUNCTION later() RETURNS trigger AS 'BEGIN NEW.due := 0; RETURN NEW; END' LANGUAGE plpgsql"
    )
    database_server.run(function, "seraf")
    database_server.run("CREATE TRIGGER later BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION later()", "seraf")
    try:
        await store.turns([event("k2", tap("{}"))])
    finally:
        database_server.run("DROP TRIGGER later ON people", "seraf")

    with pytest.raises(DamagedValue):
        await store.recall(ADA)
    assert (await store.verify()).people == 1


async def test_an_erased_case_leaves_no_byte_in_a_file_of_the_database(store: Store, database_server: Server) -> None:
    await store.turns([event("k1", tap("{}")), event("k2", tap("{}"), person=BEA)])
    wrapped = await store.read(lambda t: t.session.execute("SELECT wrapped FROM case_keys").fetchall())
    found = database_server.folder / "data" / "base"
    database_server.run("CHECKPOINT", "seraf")
    assert all(_is_in(found, key) for (key,) in wrapped)

    await store.turns([event("k3", tap(None))])
    assert await store.is_gone(seconds=1)
    database_server.run("CHECKPOINT", "seraf")

    assert sorted(_is_in(found, key) for (key,) in wrapped) == [False, True]


def _is_in(folder: Path, content: bytes) -> bool:
    return any(content[20:60] in path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_a_tap_waits_for_the_server_four_times_and_each_more_in_its_batch_once(
    store: Store, relay: Relay
) -> None:
    for number in range(2):  # at the second, the counts of the rows beside theirs are read once for all
        await store.turns([event(f"{number} {person}", tap("{}"), person=person) for person in (ADA, BEA)])
    await left_in(store, ADA, "card", born=NOON)
    batches = (
        [event("k3", tap('{"k": 3}'))],
        [event("k4", tap('{"k": 4}'), own_message="message 9")],
        [event(f"many {number}", tap(f'{{"k": {number}}}'), person=(ADA, BEA)[number % 2]) for number in range(5)],
    )
    waited = []
    for batch in batches:
        relay.turns = 0
        assert all(isinstance(outcome, Done) for outcome in await store.turns(batch))
        waited.append(relay.turns)

    assert waited == [4, 5, 8]


async def test_everyone_is_opened_in_a_few_round_trips(store: Store, relay: Relay) -> None:
    await store.turns([event(f"k{number}", tap("{}"), person=f"telegram:{number}") for number in range(100)])
    relay.turns = 0

    assert len(await store.everyone()) == 100
    assert relay.turns < 50


async def test_an_answer_asked_for_ahead_is_used_by_no_later_transaction(store: Store, other: Store) -> None:
    await store.turns([event("k1", tap("one"))])
    await store.turns([event("k2", None)])  # asks ahead for a row that it does not use
    await other.turns([event("k3", tap("two"))])

    assert (await record_of(store, ADA)).case == "two"
    await one(store, event("k4", changed(phase="later")))
    assert (await record_of(store, ADA)).case == "two"


async def test_nothing_is_committed_if_the_row_of_the_ledger_was_not_written(
    store: Store, database_server: Server
) -> None:
    await store.turns([event("k1", tap("kept"))])
    function = "CREATE OR REPLACE FUNCTION nothing() RETURNS trigger AS 'BEGIN RETURN NULL; END' LANGUAGE plpgsql"
    database_server.run(function, "seraf")
    database_server.run(
        "CREATE TRIGGER nothing BEFORE UPDATE ON ledger FOR EACH ROW EXECUTE FUNCTION nothing()", "seraf"
    )
    try:
        with pytest.raises(StoreFault, match="ledger is missing"):
            await store.turns([event("k2", tap("lost"))])
    finally:
        database_server.run("DROP TRIGGER nothing ON ledger", "seraf")

    assert (await record_of(store, ADA)).case == "kept"
    assert isinstance(await one(store, event("k2", tap("again"))), Done)


async def test_a_copy_that_starts_on_an_older_state_refuses_it(
    database_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "ASK_EVERY", 0.05)
    place = StorePlace(tmp_path / "seraf.postgresql", emptied(database_server))
    store = await open_postgres(place, KEYS)
    with closing(psycopg.connect(place.address, autocommit=True)) as desk:
        await store.turns([event("k1", tap("{}"))])
        page = desk.execute("SELECT number, sums FROM ledger").fetchone()
        assert page is not None
        async with store.leading.kept():
            await store.turns([event("k2", tap("{}")), event("k3", tap("{}"))])
            await store.turns([event("k4", tap("{}"))])
        await store.close()
        desk.execute("UPDATE ledger SET number = %s, sums = %s", page)

    with pytest.raises(StoreFault, match="older than this copy"):
        await open_postgres(place, KEYS)


async def test_no_copy_says_that_a_case_is_gone_while_its_table_cannot_be_written_anew(
    store: Store, other: Store, database_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LONGEST", 0.5)
    await store.turns([event("k1", tap("{}"))])
    with closing(psycopg.connect(database_server.address("seraf"))) as reader:
        reader.execute("SELECT * FROM case_keys")  # holds the table until its transaction ends
        await store.turns([event("k2", tap(None))])

        assert not await store.is_gone(seconds=0)
        assert not await other.is_gone(seconds=0)

    assert await other.is_gone(seconds=5)
    assert await store.is_gone(seconds=0)


async def test_a_release_goes_on_while_the_next_one_brings_the_tables_up(
    store: Store, database_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, known = database_server.address("seraf"), preparing.known_migrations()
    later = preparing.Migration(known[-1].number + 1, ("CREATE TABLE later (mark BLOB PRIMARY KEY NOT NULL);",))
    await store.turns([event("k1", tap("{}"))])
    monkeypatch.setattr(opening, "known_migrations", lambda: (*known, later))
    new = await open_at(address)
    for at, key in ((store, "k2"), (new, "k3"), (store, "k4")):
        assert isinstance(await one(at, event(key, tap("{}"))), Done)
    monkeypatch.undo()
    old = await open_at(address)
    assert (await record_of(old, ADA)).card == 4
    await old.close()
    await new.close()

    database_server.run("UPDATE schema_version SET oldest = version", "seraf")
    with pytest.raises(StoreFault, match="newer version"):
        await open_at(address)
    database_server.run("DROP TABLE later", "seraf")
    database_server.run("UPDATE schema_version SET (version, oldest) = (version - 1, 13)", "seraf")


async def test_a_store_with_one_case_each_is_brought_over(database_server: Server, tmp_path: Path) -> None:
    """The rows of before come from a file that an earlier release could have left, into tables of that release."""
    path = tmp_path / "store.db"
    file = await open_sqlite(path, KEYS)
    await file.turns([event(f"{person}1", tap('{"ref": "BRISK OTTER 41"}'), person=person) for person in (ADA, BEA)])
    await file.close()
    make_earlier(path, KEYS, SEVERAL - 1)
    database_server.run("CREATE DATABASE before")
    place = StorePlace(tmp_path / "seraf", database_server.address("before"))
    fill_earlier(place, path)

    with pytest.raises(EarlierStore):
        await open_postgres(place, KEYS, upgrades=False)
    after = await open_postgres(place, KEYS)
    records = [await record_of(after, person) for person in (ADA, BEA)]
    assert [(record.hand, record.case) for record in records] == [("BRISK OTTER 41", '{"ref": "BRISK OTTER 41"}')] * 2
    assert {head.number for record in records for head in record.heads} == {1, 2}
    assert not await after.verify()
    assert isinstance(await one(after, event("k", tap("later"))), Done)
    await after.close()
    database_server.run("DROP DATABASE before")


async def test_copies_write_in_turn_behind_a_pooler_too(database_server: Server) -> None:
    emptied(database_server)
    with pooled(database_server) as address:
        stores = [await open_at(address) for _ in range(2)]

        async def taps(at: Store, people: tuple[str, ...]) -> None:
            for _ in range(20):
                await at.turns([event(f"{next(NUMBERS)}", tap("{}"), person=person) for person in people])

        await asyncio.gather(taps(stores[0], (ADA, BEA)), taps(stores[1], (BEA, ADA)))
        await stores[0].turns([event("gone", tap(None))])

        assert [(await record_of(stores[1], person)).card for person in (ADA, BEA)] == [41, 40]
        assert await stores[1].is_gone(seconds=1)
        assert not await stores[1].verify()
        for store in stores:
            await store.close()


async def test_what_is_larger_than_a_socket_takes_at_once_is_sent_whole(store: Store, relay: Relay) -> None:
    people, keys = [f"telegram:{number}" for number in range(300)], KeyRing.fresh()
    await store.turns([event(f"large {person}", tap("x" * 20_000), person=person) for person in people])

    async with asyncio.timeout(60):
        await store.change_keys(KEYS, keys)

    again = await open_postgres(StorePlace(Path("seraf"), relay.address()), keys)
    assert len(await again.of_each(lambda record: record.card)) == len(people)
    await again.close()
