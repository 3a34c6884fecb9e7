"""Attacks by somebody who can write to the database and has older copies of it, but no key."""

import random
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot.access.account import Removed, written
from bot.storage.passes import Pass, PassDecision, PassTurn
from bot.storage.sqlite.examining import loaded
from bot.storage.store import Store
from bot.storage.values import (
    Decision,
    Inbound,
    MonthlyCount,
    Record,
    Reminder,
    Shared,
    SharedEnded,
    Shown,
    SignIn,
    SignOff,
)
from bot.trail.chain import Entry
from dialogs.core.teams import Member, Team
from seraf.advice.contacts import Check
from tests.support.store.builders import bringing, coming, having, whole
from tests.support.store.keeping import FAR, NOON, Keep, erase, person, put, rehearse

PEOPLE = 8
OF_ONE_PERSON = ("people", "standings", "rehearsals", "rehearsal_parcels")
OF_ONE_CASE = ("cases", "parcels")
FREE = {"inbound": None, "people": {"shows", "shown", "born", "owed"}, "meta": {"polled"}, "litter": {"whose"}}
"""What may be changed unnoticed: whole tables (None), and columns of others."""

Rows = Mapping[object, tuple[object, ...]]
"""The rows of a table, by the value of their first column."""


@dataclass(frozen=True, slots=True)
class History:
    """The database file of a store after each of many changes, the latest last."""

    keep: Keep
    images: tuple[bytes, ...]


async def lived(folder: Path, *, steps: int, seed: int = 0) -> History:
    """Fill a store and change it `steps` times at random. Return the database file after each change."""
    keep, draw, images = Keep.made(folder), random.Random(seed), []
    await keep.fill(PEOPLE)
    store = await keep.opened()
    for step in range(steps):
        await draw.choice(STEPS)(store, draw, step)
        images.append(whole(keep.store))
    await store.close()
    return History(keep, tuple(images))


async def _turn(store: Store, draw: random.Random, step: int) -> None:
    await store.turns([draw.choice((put, rehearse))(draw.randrange(PEOPLE), f"step {step}", key=f"turn {step}")])


async def _erased(store: Store, draw: random.Random, step: int) -> None:
    await store.turns([replace(erase(draw.randrange(PEOPLE)), key=f"erase {step}")])


async def _removed(store: Store, draw: random.Random, step: int) -> None:
    def remove(record: Record, _: object = None) -> Decision:
        entry = Entry(NOON + timedelta(days=step), "operator", "removed")
        after = having(replace(record, access=written(Removed()), due=None), None)
        return Decision(after, (), (entry, MonthlyCount("2026-03", "lead", f"step {step}")))

    await store.turns([Inbound(f"remove {step}", NOON, person(draw.randrange(PEOPLE)), remove, None)])


async def _code(store: Store, draw: random.Random, step: int) -> None:
    await store.write(
        lambda t: t.invitation_codes.issue(f"code {step}", f"opens {step}", until=FAR + timedelta(days=step))
    )
    if draw.random() < 0.5:
        spent = bringing(spends=True)
        await store.turns(
            [replace(coming(f"spend {step}", f"code {step}", lambda _: spent, person=person(0)), at=NOON)]
        )


async def _room(store: Store, draw: random.Random, step: int) -> None:
    name, until = f"room {draw.randrange(3)}", FAR + timedelta(minutes=step)

    def share(record: Record, _: object = None) -> Decision:
        if draw.random() < 0.3:
            return Decision(record, (), (SharedEnded(name),))
        return Decision(record, (), (Shared(name, f"text {step}", until, (person(0), person(1))),))

    await store.turns([Inbound(f"share {step}", NOON, person(2), share, None)])


async def _browser(store: Store, draw: random.Random, step: int) -> None:
    """Sign a person in or out, or let a guest rehearse in a room or leave it."""
    who, name, goes = person(draw.randrange(PEOPLE)), f"pass {draw.randrange(3)}", draw.random() < 0.3

    def rehearse_there(before: Pass | None, _: Shared | None) -> PassDecision:
        kept = Pass(name, "room 0", FAR, card=before.card + 1 if before else 0, text=f"text {step}")
        return PassDecision(None if goes else kept)

    if draw.random() < 0.5:
        await store.passes.turns([PassTurn(f"pass {step}", NOON, name, rehearse_there, room="room 0")])
    elif goes:
        await store.write(lambda t: t.sign_ins.sign_off(SignOff(f"out {step}", NOON, who)))
    else:
        await store.write(lambda t: t.sign_ins.keep(SignIn(f"secret {step}", who, FAR + timedelta(days=step))))


async def _rest(store: Store, draw: random.Random, step: int) -> None:
    """Write or delete a row of one of the remaining kinds."""
    when = NOON + timedelta(days=step)
    await draw.choice(
        (
            lambda: store.write(lambda t: t.messages_to_remove.add(person(0), f"message {step}", born=when)),
            lambda: store.write(
                lambda t: t.messages_to_remove.forget(person(0), [f"message {each}" for each in range(step)])
            ),
            lambda: store.write(
                lambda t: t.contact_checks.keep(
                    Check(f"contact {step % 3}", f"{step}", when.date(), is_right=True),
                    Entry(when, "operator", "notice"),
                )
            ),
            lambda: store.write(lambda t: t.editions.keep(f"edition {step}", b"an instrument")),
            lambda: store.write(lambda t: t.monthly_counts.forget_before(f"{when:%Y-%m}")),
            lambda: store.write(lambda t: t.teams.keep(Team(f"team {step % 3}", (Member(f"{step}"),)))),
            lambda: store.write(lambda t: t.teams.forget(f"team {step % 3}")),
            lambda: store.write(lambda t: t.audit.append([Entry(when, "bot", "locked")])),
            lambda: store.write(lambda t: t.audit.drop_before(f"{when:%Y-%m}", now=when)),
            lambda: store.write(
                lambda t: t.reminders.forget(Reminder(person(step % PEOPLE), f"reference step {step - 1}", FAR))
            ),
            lambda: store.show(person(step % PEOPLE), Shown(f"{step}", when, b"shown", sending=False)),
        )
    )()


STEPS = (_turn, _turn, _turn, _erased, _removed, _code, _room, _browser, _rest, _rest, _rest)


def tables_of(database: sqlite3.Connection) -> dict[str, Rows]:
    """Return all rows of every table."""
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return {name: {row[0]: row for row in database.execute(f"SELECT * FROM {name}").fetchall()} for name in names}


def matters(database: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of every table, without the tables and columns of `FREE`."""
    found = {}
    for name in tables_of(database):
        free = FREE.get(name, set())
        if free is not None:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})") if row[1] not in free]
            rows = database.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall()
            found[name] = sorted(rows, key=repr)
    return found


def _write(database: sqlite3.Connection, table: str, key: object, row: tuple[object, ...] | None) -> None:
    """Replace or delete the row whose first column has this value."""
    column = database.execute(f"SELECT name FROM pragma_table_info('{table}') WHERE cid = 0").fetchone()[0]
    database.execute(f"DELETE FROM {table} WHERE {column} IS ?", (key,))
    if row is not None:
        database.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def _differing(now: Mapping[str, Rows], old: Mapping[str, Rows]) -> list[tuple[str, object]]:
    """Return the table and first column of every row that differs from the older copy, or is in only one of the two."""
    return [
        (table, key)
        for table in now
        for key in sorted({*now[table], *old.get(table, {})}, key=repr)
        if now[table].get(key) != old.get(table, {}).get(key)
    ]


def some_put_back(draw: random.Random, database: sqlite3.Connection, old: Mapping[str, Rows]) -> None:
    """Restore one older row, or several from any tables."""
    found = _differing(tables_of(database), old)
    for table, key in draw.sample(found, min(len(found), draw.choice((1, 1, 1, 2, 5, 20)))):
        _write(database, table, key, old.get(table, {}).get(key))


def person_put_back(draw: random.Random, database: sqlite3.Connection, old: Mapping[str, Rows]) -> None:
    """Restore all older rows of one person, including their cases, with the keys of these and the ties to them."""
    mark = draw.choice(sorted(old["people"], key=repr))
    for table in OF_ONE_PERSON:
        _write(database, table, mark, old[table].get(mark))
    ties = {key: row for key, row in old["case_people"].items() if row[2] == mark}
    for tie, row in ties.items():
        for table in OF_ONE_CASE:
            _write(database, table, row[1], old[table].get(row[1]))
        key = old["cases"][row[1]][1]
        _write(database, "case_keys", key, old["case_keys"].get(key))
        _write(database, "case_people", tie, row)


def table_put_back(draw: random.Random, database: sqlite3.Connection, old: Mapping[str, Rows]) -> None:
    """Restore the older rows of some tables, but not of all."""
    tables = sorted(old)
    for table in draw.sample(tables, draw.choice((1, 1, 2, 4, len(tables) - 1))):
        for key in {*tables_of(database)[table], *old[table]}:
            _write(database, table, key, old[table].get(key))


def some_deleted(draw: random.Random, database: sqlite3.Connection, _: Mapping[str, Rows]) -> None:
    """Delete one row, several rows, or all rows of a table."""
    rows = [(table, key) for table, held in tables_of(database).items() for key in held]
    chosen = draw.sample(rows, draw.choice((1, 1, 2, 10)))
    if draw.random() < 0.2:
        chosen = [each for each in rows if each[0] == chosen[0][0]]
    for table, key in chosen:
        _write(database, table, key, None)


def one_edited(draw: random.Random, database: sqlite3.Connection, _: Mapping[str, Rows]) -> None:
    """Change a value of a row, by one bit or entirely, or replace it with the value of another row."""
    held = {table: rows for table, rows in tables_of(database).items() if rows}
    table = draw.choice(sorted(held))
    key, row = draw.choice(list(held[table].items()))
    at = draw.randrange(len(row))
    other = draw.choice(list(held[table].values()))[at]
    fresh = draw.choice((other, None, draw.randrange(2**40), draw.randbytes(32), "asking", _near(draw, row[at])))
    try:
        _write(database, table, key, (*row[:at], fresh, *row[at + 1 :]))
    except sqlite3.IntegrityError:
        _write(database, table, key, row)


def _near(draw: random.Random, old: object) -> object:
    match old:
        case int():
            return old + draw.choice((-1, 1, 10**6))
        case bytes() if old:
            at = draw.randrange(len(old))
            return old[:at] + bytes([old[at] ^ 1 << draw.randrange(8)]) + old[at + 1 :]
        case _:
            return f"{old}x"


def ledger_taken_away(draw: random.Random, database: sqlite3.Connection, old: Mapping[str, Rows]) -> None:
    """Restore a person's rows, and delete or change the ledger, or pretend that an earlier release runs."""
    person_put_back(draw, database, old)
    statement = draw.choice(
        (
            "DELETE FROM ledger",
            "DROP TABLE ledger",
            "UPDATE ledger SET number = number + 1",
            "UPDATE ledger SET sums = zeroblob(length(sums))",
            "",
        )
    )
    if statement:
        database.execute(statement)
        return
    database.execute("DROP TABLE ledger")
    database.execute("ALTER TABLE people DROP COLUMN has")
    database.execute("PRAGMA user_version = 7")


def helper_planted(draw: random.Random, database: sqlite3.Connection, _: Mapping[str, Rows]) -> None:
    """Add a trigger that deletes rows or a view that hides a table's name, or remove an index."""
    database.execute(
        draw.choice(
            (
                "CREATE TRIGGER seraf_people_update AFTER UPDATE ON people BEGIN DELETE FROM tickets; END",
                "CREATE VIEW everyone AS SELECT * FROM people",
                "DROP INDEX people_due",
            )
        )
    )


def index_emptied(draw: random.Random, database: sqlite3.Connection, _: Mapping[str, Rows]) -> None:
    """Let an index on marks point to an empty index."""
    table = draw.choice(("people", "tickets", "litter", "reminders"))
    database.execute("CREATE TABLE none (mark BLOB PRIMARY KEY NOT NULL)")
    database.execute("PRAGMA writable_schema = ON")
    database.execute(
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_none_1')"
        f" WHERE name = 'sqlite_autoindex_{table}_1'"
    )
    database.execute("DELETE FROM sqlite_schema WHERE tbl_name = 'none'")
    database.execute("PRAGMA writable_schema = RESET")


Attack = Callable[[random.Random, sqlite3.Connection, Mapping[str, Rows]], None]

ATTACKS: tuple[Attack, ...] = (
    *(some_put_back, some_put_back, some_put_back, person_put_back, person_put_back),
    *(table_put_back, some_deleted, one_edited, one_edited, ledger_taken_away, helper_planted, index_emptied),
)


def attacked(history: History, draw: random.Random) -> sqlite3.Connection:
    """Return the latest database after an attack that made it differ from the latest and from the older copy."""
    with closing(loaded(history.images[-1])) as latest:
        genuine = matters(latest)
    while True:
        database = loaded(history.images[-1])
        database.isolation_level = None
        with closing(loaded(draw.choice(history.images[:-1]))) as older:
            old, whole = tables_of(older), matters(older)
        attack = draw.choice(ATTACKS)
        attack(draw, database, old)
        if attack in (helper_planted, index_emptied) or matters(database) not in (genuine, whole):
            return database
        database.close()
