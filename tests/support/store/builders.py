"""Sample people, times, events and decisions for the tests of stores, and access to the database beside the bot."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.crypto.sealing import KeyRing
from bot.storage.cases import CaseHead
from bot.storage.session import SqliteSession
from bot.storage.sqlite.examining import copied_to_memory, image
from bot.storage.sqlite.memory import in_memory
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.tables import Tables
from bot.storage.values import (
    Decide,
    Decision,
    Inbound,
    Issued,
    Lookup,
    NeedsHash,
    OpenInvitation,
    Outcome,
    PersonForgotten,
    Record,
    Shared,
    SharedEnded,
    Shown,
    SignIn,
    Spent,
    Withdrawn,
    Write,
)
from dialogs.core.teams import Team

ADA = "telegram:1"
BEA = "telegram:2"
CLEO = "telegram:3"
NOON = datetime(2024, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)
KEYS = KeyRing.fresh()
FIRST = Record(person=ADA, card=0, profile="{}", case=None, phase="", edition="", active=None)
LIVE = Shown(handle="message 7", born=NOON, digest=b"\x00delivered\xff", sending=False)
OLD = (
    "ATTACH '{old}' AS old",
    "PRAGMA foreign_keys = OFF",
    "INSERT OR REPLACE INTO {table} SELECT * FROM old.{table} WHERE mark = x'{mark}'",
)


def tap(case: str | None = "{}", *, active: datetime | None = NOON, effects: tuple[object, ...] = ()) -> Decide:
    """Return a decision that counts one more card and stores this case."""

    def decide(record: Record, _: object = None) -> Decision:
        phase, edition = ("", "") if case is None else ("asking", "edition-1")
        after = replace(record, card=record.card + 1, phase=phase, edition=edition, active=active)
        return Decision(having(after, case), effects)

    return decide


def having(record: Record, case: str | None, *, reference: str = "") -> Record:
    """Return the record with a case in hand that has this text as its body, or without one.

    Without a `reference` it is the case in hand, or a new one with a reference that only this person has.
    """
    reference = reference or record.hand or f"CASE OF {record.person}"
    others = tuple(head for head in record.heads if head.reference != reference)
    if case is None:
        return replace(record, case=None, hand="", heads=others)
    head = record.head_of(reference) or CaseHead(reference, record.person, NOON, raised_by=record.person)
    return replace(record, case=case, hand=reference, heads=(*others, head))


def changed(**fields: Any) -> Decide:
    """Return a decision that changes these fields of the record."""
    rest = {name: value for name, value in fields.items() if name != "case"}

    def decide(record: Record, _: object) -> Decision:
        after = replace(record, **rest)
        return Decision(having(after, fields["case"]) if "case" in fields else after, ())

    return decide


ALONE = ("reminder", "document", "shares", "signs_in")
MANY = ("entries", "others", "issues", "counts")


def bringing(change: Decide | None = None, /, **brought: Any) -> Decide:
    """Return a decision that makes `change` (by default none) of the record, with the writes that are named."""
    writes: list[Write] = [write for kind in MANY for write in brought.get(kind, ())]
    writes += [brought[kind] for kind in ALONE if kind in brought]
    writes += [Spent("")] if brought.get("spends") else []  # stands for the code of the event
    writes += [SharedEnded(brought["ends"])] if "ends" in brought else []
    writes += [Withdrawn(mark) for mark in brought.get("withdraws", ())]
    writes += [PersonForgotten(brought["forgets"])] if "forgets" in brought else []
    return lambda record, lookup: replace(_decided(change or changed(), record, lookup), writes=tuple(writes))


@dataclass(frozen=True)
class Others:
    """What a decision looked up: records of other people, and open invitations."""

    records: tuple[Record, ...]
    invitations: tuple[OpenInvitation, ...]


def looking_at_shared(name: str, decide: Callable[[Shared | None], Decide]) -> Decide:
    """Return a decision that looks up the shared room of this name, and passes it to `decide`."""
    return lambda record, lookup: _decided(decide(lookup.shared(name)), record, lookup)


def looking_at_others(people: tuple[str, ...], marks: tuple[bytes, ...], decide: Callable[[Others], Decide]) -> Decide:
    """Return a decision that looks up these people and the invitations with these marks, and passes them on."""

    def look(record: Record, lookup: Lookup) -> Decision:
        records = tuple(found for person in people if (found := lookup.record(person)) is not None)
        invitations = tuple(opened for mark in marks if (opened := lookup.invitation(mark)) is not None)
        return _decided(decide(Others(records, invitations)), record, lookup)

    return look


def _decided(decide: Decide, record: Record, lookup: Lookup) -> Decision:
    decision = decide(record, lookup)
    assert isinstance(decision, Decision)
    return decision


def broken(record: Record, _: object = None) -> Decision:
    """Raise an error whose message contains a person's words, in place of a decision."""
    raise LookupError(f"no such item in {record.person}: secret words")


def unanswered(record: Record, _: object = None) -> None:
    """Return no decision."""


def event(key: str, decide: Decide | None, *, person: str | None = ADA, own_message: str | None = None) -> Inbound:
    return Inbound(key=key, at=NOON, person=person, decide=decide, own_message=own_message)


def coming(
    key: str, code: str, redeem: Callable[[str | None], Decide], *, person: str = ADA, own_message: str | None = None
) -> Inbound:
    """Return an event with a one-time code. `redeem` gets what the code opens, and returns the decision."""

    def decide(record: Record, lookup: Lookup) -> Decision | None:
        decision = redeem(lookup.opened_by(code))(record, lookup)
        if not isinstance(decision, Decision):
            return None
        return replace(decision, writes=tuple(Spent(code) if each == Spent("") else each for each in decision.writes))

    return event(key, decide, person=person, own_message=own_message)


async def opened(kind: str, folder: Path) -> Store:
    """Return an empty store: in memory if `kind` is "memory", or in a file of this folder if it is "sqlite"."""
    return await open_sqlite(folder / "store.db", KeyRing.fresh()) if kind == "sqlite" else in_memory()


def sqlite_of(tables: Tables) -> sqlite3.Connection:
    """Return the database below a store's tables."""
    assert isinstance(tables.session, SqliteSession)
    return tables.session.database


async def one(store: Store, inbound: Inbound) -> Outcome:
    """Let the store take this one event, and return the outcome."""
    (outcome,) = await store.turns([inbound])
    return outcome


async def valid(store: Store, now: datetime) -> tuple[tuple[str, datetime], ...]:
    """Return, for each valid one-time code, what it opens and until when."""
    return tuple((each.text, each.until) for each in await store.read(lambda t: t.invitation_codes.valid(now)))


async def issued(store: Store, *codes: Issued) -> None:
    await store.write(lambda t: t.invitation_codes.issue_all(codes, ()))


async def signed_in(store: Store, *sign_ins: SignIn) -> None:

    def keep(tables: Tables) -> None:
        for each in sign_ins:
            tables.sign_ins.keep(each)

    await store.write(keep)


async def sign_in_of(store: Store, secret: str, now: datetime = NOON) -> SignIn | None:
    """Return the sign-in with this secret, or None if it is not valid at this time."""
    return await store.read(lambda t: t.sign_ins.find(secret, now))


async def left_in(store: Store, person: str, handle: str, *, born: datetime) -> None:
    """Record a message of the bot that is to be removed from a person's chat."""
    await store.write(lambda t: t.messages_to_remove.add(person, handle, born=born))


async def record_of(store: Store, person: str) -> Record:
    """Return the record of a person, who must exist."""
    recalled = await store.recall(person)
    assert recalled is not None
    return recalled[0]


def whole(path: Path) -> bytes:
    """Return the content of the database as one file, including what is still in its log."""
    with closing(copied_to_memory(path)) as copy:
        return image(copy)


def put_back(path: Path, old: bytes, person: str) -> None:
    """Copy the rows of one person from an older database file into the current one."""
    put_back_rows(path, old, "people", KEYS.mark("person", person))
    put_back_rows(path, old, "cases", KEYS.mark("case", f"CASE OF {person}"))


def put_back_rows(path: Path, old: bytes, table: str, mark: bytes) -> None:
    """Copy the row with this mark from an older database file into the current one."""
    copy = path.with_name("old.db")
    copy.write_bytes(old)
    ask(path, *(each.format(old=copy, table=table, mark=mark.hex()) for each in OLD))


def ask(path: Path, *statements: str) -> list[object]:
    """Run SQL statements in another connection. Return all rows, each as its value if it has only one column."""
    other = sqlite3.connect(path, isolation_level=None)
    rows = [row for statement in statements for row in other.execute(statement).fetchall()]
    other.close()
    return [row[0] if len(row) == 1 else row for row in rows]


class NothingFound:
    """A look-up that finds nothing, for a decision that is made outside a store."""

    derived: Mapping[NeedsHash, str] = MappingProxyType({})

    def record(self, person: str) -> None:
        """Return None, as for an unknown person."""

    def case(self, reference: str) -> None:
        """Return None, as for a case of somebody else."""

    def is_free(self, reference: str) -> bool:
        return True

    def case_of_code(self, code: str) -> None:
        """Return None, as for a code that is not known."""

    def may_type_code(self) -> bool:
        return True

    def shared(self, name: str) -> None:
        """Return None, as for an unknown room."""

    def invitation(self, mark: bytes) -> None:
        """Return None, as for an unknown invitation."""

    def teams(self) -> tuple[Team, ...]:
        """Return no team."""
        return ()

    def opened_by(self, code: str) -> None:
        """Return None, as for an invalid code."""


NOTHING_FOUND = NothingFound()
