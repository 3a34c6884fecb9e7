"""Promise P8 in the database: values that are moved, swapped or put back within the file cannot be decrypted."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.runtime.errors import StoreFault
from bot.storage.cases import HOLDING, CallReminder, NotTied
from bot.storage.ledger import CASE_PEOPLE as _CASE_PEOPLE
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.tables import Tables
from bot.storage.values import Decide, Decision, Done, Lookup, OwedDocument, Record, Refused
from dialogs.core.ties import Tie, TieKind
from tests.support.places import ROOT
from tests.support.store.builders import (
    ADA,
    BEA,
    KEYS,
    LIVE,
    NOON,
    ask,
    bringing,
    changed,
    event,
    having,
    one,
    put_back_rows,
    record_of,
    tap,
    whole,
)
from tests.support.store.earlier import make_earlier

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


FIRST, SECOND = "AMBER HERON 52", "CALM FERN 12"
HOUR = timedelta(hours=1)


def beginning(reference: str, body: str) -> Decide:
    return lambda record, _: Decision(having(record, body, reference=reference), ())


async def two_of(store: Store, person: str = ADA) -> None:
    """Give a person two cases, the second of which is in hand."""
    for reference in (FIRST, SECOND):
        named = f"{reference} OF {person}"
        await store.turns([event(f"{person} {reference}", beginning(named, f"body of {named}"), person=person)])


async def opened(store: Store, reference: str, person: str = ADA) -> str | None:
    """Return the body of a case of this person, or None if they cannot open it."""
    found = list[str | None]()

    def look(record: Record, lookup: Lookup) -> Decision:
        held = lookup.case(reference)
        found.append(held.body if held else None)
        return Decision(record, ())

    await one(store, event(f"open {reference} {person} {len(found)} {id(found)}", look, person=person))
    return found[0]


async def test_each_case_of_a_person_opens_by_its_reference_and_no_other_person_s(store: Store) -> None:
    await two_of(store)
    await two_of(store, BEA)

    record = await record_of(store, ADA)
    assert (record.hand, record.case) == (f"{SECOND} OF {ADA}", f"body of {SECOND} OF {ADA}")
    assert await opened(store, f"{FIRST} OF {ADA}") == f"body of {FIRST} OF {ADA}"
    assert await opened(store, f"{FIRST} OF {BEA}") is None


async def test_a_ninth_case_is_refused(store: Store) -> None:
    for number in range(8):
        assert isinstance(await one(store, event(f"k{number}", beginning(f"NUMBER {number}", "a"))), Done)

    assert isinstance(await one(store, event("k9", beginning("NUMBER 9", "a"))), Refused)
    assert len((await record_of(store, ADA)).heads) == 8


async def test_a_reference_is_given_once_while_its_case_is_kept(store: Store) -> None:
    await one(store, event("k1", beginning(FIRST, "a")))

    assert not await store.read(lambda t: t.cases.is_free(FIRST))
    assert isinstance(await one(store, event("k2", beginning(FIRST, "b"), person=BEA)), Refused)
    await one(store, event("k3", changed(case=None)))
    assert isinstance(await one(store, event("k4", beginning(FIRST, "b"), person=BEA)), Done)


@pytest.mark.parametrize("table", ["cases", "case_people"])
async def test_a_row_put_back_refuses_that_case_alone(path: Path, store: Store, table: str) -> None:
    await two_of(store)
    first, second = f"{FIRST} OF {ADA}", f"{SECOND} OF {ADA}"
    mark, person = KEYS.mark("case", second), KEYS.mark("tie", second, ADA)
    if table == "case_people":
        ended = Tie(BEA, mark, TieKind.LOOK, NOON, NOON + HOUR)
        await store.turns([event("b", tap(None), person=BEA)])
        await store.write(lambda t: _tie(t, second, ended))
    old = whole(path)
    if table == "case_people":
        await store.write(lambda t: t.session.remove_where(_CASE_PEOPLE, "mark = ?", KEYS.mark("tie", second, BEA)))
        put_back_rows(path, old, table, KEYS.mark("tie", second, BEA))
    else:
        await one(store, event("k", changed(case="later")))
        put_back_rows(path, old, table, mark)

    record = await record_of(store, ADA)
    assert (record.closed, [head.reference for head in record.heads], record.case) == ((second,), [first], None)
    assert await opened(store, first) == f"body of {first}"
    assert (await store.verify()).cases == 1
    assert (await record_of(store, ADA)).closed == (second,)
    assert person != mark


@pytest.mark.parametrize("table", ["cases", "case_people"])
async def test_a_row_taken_away_is_missed(path: Path, store: Store, table: str) -> None:
    await two_of(store)
    second = f"{SECOND} OF {ADA}"
    mark = KEYS.mark("case", second) if table == "cases" else KEYS.mark("tie", second, ADA)
    ask(path, "PRAGMA foreign_keys = OFF", f"DELETE FROM {table} WHERE mark = x'{mark.hex()}'")

    record = await record_of(store, ADA)
    assert (len(record.closed), len(record.heads), record.case) == (1, 1, None)
    assert isinstance(await one(store, event("k", changed(profile="other"))), Done)
    assert len((await record_of(store, ADA)).closed) == 1, "it is missed for as long as it is not there"


async def test_a_tie_that_was_added_from_outside_opens_nothing(path: Path, store: Store) -> None:
    await two_of(store)
    await store.turns([event("b", tap(None), person=BEA)])
    first = f"{FIRST} OF {ADA}"
    whose = KEYS.mark("person", BEA).hex()
    ask(
        path,
        f"INSERT INTO case_people SELECT zeroblob(32), kase, x'{whose}', kind, until, body FROM case_people"
        f" WHERE kase = x'{KEYS.mark('case', first).hex()}'",
    )

    assert await opened(store, first, BEA) is None
    assert (await record_of(store, BEA)).heads == ()
    assert (await record_of(store, ADA)).closed == (first,), "it is refused for everybody"


async def test_a_tie_lets_open_what_it_says_until_it_ends(store: Store) -> None:
    await one(store, event("k1", beginning(FIRST, "a")))
    mark = KEYS.mark("case", FIRST)
    look = Tie(BEA, mark, TieKind.LOOK, NOON, NOON + HOUR)
    await store.turns([event("b", tap(None), person=BEA)])
    await store.write(lambda t: _tie(t, FIRST, look))

    def body(tables: Tables, person: str, kinds: frozenset[TieKind], after: timedelta) -> str:
        row = tables.people.find(person)
        assert row is not None
        case = row.case(FIRST)
        assert case is not None
        return tables.cases.body(case, person=person, kinds=kinds, now=NOON + after)

    looking = frozenset({TieKind.LOOK})
    assert await store.read(lambda t: body(t, BEA, looking, timedelta(0))) == "a"
    assert await store.read(lambda t: body(t, ADA, HOLDING, HOUR)) == "a"
    for person, kinds, after in ((BEA, looking, HOUR), (BEA, HOLDING, timedelta(0)), (ADA, looking, timedelta(0))):
        with pytest.raises(NotTied):
            await store.read(lambda t, p=person, k=kinds, a=after: body(t, p, k, a))  # type: ignore[misc]


async def test_an_erased_case_goes_with_its_key_its_ties_and_its_documents(path: Path, store: Store) -> None:
    await two_of(store)
    second = f"{SECOND} OF {ADA}"
    await one(store, event("d", bringing(document=OwedDocument(ADA, second, "pdf", NOON))))
    await one(store, event("k", changed(case=None)))

    assert ask(
        path, *(f"SELECT count(*) FROM {each}" for each in ("cases", "case_keys", "case_people", "parcels"))
    ) == [*(1, 1, 1, 0)]
    assert [head.reference for head in (await record_of(store, ADA)).heads] == [f"{FIRST} OF {ADA}"]
    assert not await store.verify()


async def test_a_store_with_one_case_each_is_brought_over(path: Path, store: Store) -> None:
    later = NOON + 2 * HOUR
    text = '{"ref": "AMBER HERON 52", "pack": "edition", "responses": {"V1": "yes"}}'
    for person in (ADA, BEA):
        number = 1 if person == ADA else 2  # two people have the same reference, as could be
        await one(
            store, event(f"{person}1", changed(access='{"who": "0a0b0c0d", "seen": 5}', phase="items"), person=person)
        )
        await one(store, event(f"{person}2", beginning(f"SERAF {number}", text), person=person))
        fields = {"finished": NOON, "is_warned": True, "held": person == BEA, "call": CallReminder(later, later)}
        await one(store, event(f"{person}3", _with_head(fields), person=person))
    pdf = OwedDocument(ADA, "SERAF 1", "pdf", NOON)
    await one(store, event("d", bringing(document=pdf)))
    await store.close()
    make_earlier(path, KEYS, 15)
    ask(path, "UPDATE cases SET body = zeroblob(157) WHERE 0")

    after = await open_sqlite(path, KEYS)
    ada, bea = await record_of(after, ADA), await record_of(after, BEA)
    assert (ada.hand, ada.case, bea.hand, bea.case) == (FIRST, text, FIRST, text)
    assert ada.head is not None
    assert bea.head is not None
    assert {ada.head.number, bea.head.number} == {1, 2}
    assert (ada.head.finished, ada.head.is_warned, ada.head.held, bea.head.held) == (NOON, True, False, True)
    assert (ada.head.progress.answered, ada.head.fingerprint, ada.head.phase) == (1, "edition", "items")
    assert (ada.head.holder, ada.head.raised_by) == (ADA, ADA)
    assert not await after.verify()
    assert await after.examine() == ()
    assert await after.read(lambda t: t.documents.owed()) == ()  # it was of another reference
    await after.close()


async def test_a_case_that_did_not_open_before_is_refused_after_the_migration(path: Path, store: Store) -> None:
    for person in (ADA, BEA):
        await one(store, event(f"{person}1", beginning(f"CASE OF {person}", "{}"), person=person))
    await store.close()
    make_earlier(path, KEYS, 15)
    ask(path, f"UPDATE cases SET body = zeroblob(157) WHERE mark = x'{KEYS.mark('person', ADA).hex()}'")

    after = await open_sqlite(path, KEYS)
    ada, bea = await record_of(after, ADA), await record_of(after, BEA)
    assert (ada.heads, ada.closed, len(bea.heads), bea.closed) == ((), ("",), 1, ())
    assert not await after.verify(), "nothing else is out of step"
    with pytest.raises(StoreFault):
        await after.change_keys(KEYS, replace(KEYS, id="other"))
    await after.close()


def test_one_statement_alone_reads_bodies_and_one_function_opens_them() -> None:
    """Whoever opens a body passes `demand`. What seals all values again or counts them works under the keys, for no person."""
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py")}
    reading = [path.name for path, text in texts.items() if re.search(r"cases\.body,|body FROM cases\b", text)]
    opening = [
        (path.name, text.count('place("cases", "body"'))
        for path, text in texts.items()
        if 'place("cases", "body"' in text
    ]

    assert sorted(reading) == ["cases.py"]
    assert sorted(opening) == [("cases.py", 3), ("moving_cases.py", 2)]


def _with_head(fields: dict[str, object]) -> Decide:
    def change(record: Record, _: object) -> Decision:
        assert record.head is not None
        return Decision(replace(record, heads=(replace(record.head, **fields),)), ())  # type: ignore[arg-type]

    return change


def _tie(tables: Tables, reference: str, tie: Tie) -> None:
    row = tables.people.find(ADA)
    assert row is not None
    head = row.record.head_of(reference)
    assert head is not None
    tables.cases.tie(head, tie)
