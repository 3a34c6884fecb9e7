"""Promise P8 in the database: values that are moved, swapped or put back within the file cannot be decrypted."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.runtime.errors import StoreFault
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import Done, Refused
from tests.support.store.builders import ADA, BEA, KEYS, LIVE, NOON, ask, changed, event, one, record_of, tap

PAGE = 4096

same = changed()


@pytest.fixture
async def two(store: Store) -> Store:
    for turn in "12":
        await store.turns([event(f"a{turn}", tap(f"a{turn}")), event(f"b{turn}", tap(f"b{turn}"), person=BEA)])
        await store.show_many({ADA: LIVE, BEA: LIVE})
    return store


def with_each_page_damaged(path: Path) -> Iterator[int]:
    whole = path.read_bytes()
    for page in range(1, len(whole) // PAGE):
        path.write_bytes(whole[: page * PAGE] + b"\xff" * 8 + whole[page * PAGE + 8 :])
        yield page


async def closed(store: Store, person: str) -> tuple[str | None, int]:
    """Return the body of the person's case in hand, and how many of their cases cannot be opened."""
    record = await record_of(store, person)
    return record.case, len(record.closed)


@pytest.mark.parametrize("column", ["head", "body", "key", "turn"])
async def test_a_case_with_a_value_of_another_is_refused_and_not_its_person(
    path: Path, two: Store, column: str
) -> None:
    ask(
        path,
        f"CREATE TABLE swap AS SELECT mark, {column} AS value FROM cases",
        *(["UPDATE cases SET key = -key", "PRAGMA foreign_keys = OFF"] if column == "key" else []),
        f"UPDATE cases SET {column} = (SELECT value FROM swap WHERE swap.mark <> cases.mark)",
    )

    assert [await closed(two, person) for person in (ADA, BEA)] == [(None, 1), (None, 1)]
    assert isinstance(await one(two, event("b3", changed(profile="other"), person=BEA)), Done)
    assert await closed(two, BEA) == (None, 1)


@pytest.mark.parametrize(("table", "column"), [("people", "profile"), ("people", "shown")])
async def test_values_swapped_between_people_do_not_open(path: Path, two: Store, table: str, column: str) -> None:
    ask(
        path,
        f"CREATE TABLE swap AS SELECT mark, {column} AS value FROM {table}",
        f"UPDATE {table} SET {column} = (SELECT value FROM swap WHERE swap.mark <> {table}.mark)",
    )

    for person in (ADA, BEA):
        with pytest.raises(StoreFault, match="changed from outside"):
            await two.recall(person)


async def test_wrapped_keys_swapped_between_people_do_not_open(path: Path, two: Store) -> None:
    ask(
        path,
        "CREATE TABLE swap AS SELECT id, wrapped FROM case_keys",
        "UPDATE case_keys SET wrapped = (SELECT wrapped FROM swap WHERE swap.id <> case_keys.id)",
    )

    assert [await closed(two, person) for person in (ADA, BEA)] == [(None, 1), (None, 1)]


async def test_names_swapped_between_people_do_not_open(path: Path, two: Store) -> None:
    ask(
        path,
        "CREATE TABLE swap AS SELECT mark, person FROM people",
        "UPDATE people SET person = (SELECT person FROM swap WHERE swap.mark <> people.mark)",
    )

    assert await two.read(lambda t: t.people.active_since(NOON)) == ()
    assert await two.everyone() == ()


@pytest.mark.parametrize(("table", "column"), [("people", "profile"), ("people", "shown")])
async def test_an_older_value_put_back_does_not_open(path: Path, two: Store, table: str, column: str) -> None:
    ask(path, f"CREATE TABLE old AS SELECT mark, {column} AS value FROM {table}")
    await two.turns([event("a3", tap("a3"))])
    await two.show(ADA, LIVE)

    ask(path, f"UPDATE {table} SET {column} = (SELECT value FROM old WHERE old.mark = {table}.mark)")

    with pytest.raises(StoreFault, match="one person" if column == "profile" else f"{table}.{column}"):
        await two.recall(ADA)
    assert (await record_of(two, BEA)).case == "b2"


async def test_a_changed_row_is_refused_alone(path: Path, two: Store) -> None:
    ask(path, "UPDATE people SET turn = turn + 1 WHERE rowid = 1")

    damaged, sound, repeated = await two.turns(
        [event("a3", tap("a3")), event("b3", tap("b3"), person=BEA), event("a2", tap("a2"))]
    )

    assert isinstance(damaged, Refused)
    assert isinstance(repeated, Refused)
    assert damaged.error.startswith("DamagedValue ")
    assert isinstance(sound, Done)
    kept = ask(path, "SELECT refused FROM inbound WHERE refused IS NOT NULL")
    assert sorted(map(str, kept)) == sorted([damaged.error, repeated.error])


async def test_a_damaged_page_of_one_persons_case_stops_them_alone(path: Path, store: Store) -> None:
    await store.turns([event("a1", tap("a" * 20_000)), event("b1", tap("b"), person=BEA)])
    await store.close()
    seen = set()
    for _ in with_each_page_damaged(path):
        with suppress(StoreFault):
            damaged = await open_sqlite(path, KEYS)
            try:
                his, hers = await damaged.turns([event("a2", same), event("b2", same, person=BEA)])
                seen.add((his.error.split()[0] if isinstance(his, Refused) else "done", isinstance(hers, Done)))
            finally:
                await damaged.close()

    assert ("DamagedStore", True) in seen


async def test_each_assessment_has_its_own_key(path: Path, store: Store) -> None:
    keys: list[object] = []
    for case in ("a", "b", None, "c"):
        await store.turns([event(str(case), tap(case))])
        keys.append(ask(path, "SELECT id FROM case_keys"))

    first, same, none, second = keys
    assert first == same
    assert none == []
    assert second != first
    await store.turns([event("end", tap(None))])
    assert ask(path, "SELECT mark FROM cases", "SELECT id FROM case_keys") == []
