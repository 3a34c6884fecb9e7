"""Moves the one case that each person had in an earlier release into a row of its own, within the migration that makes its table.

What the account said of the case goes into its head. A case that does not open is kept with a head that opens neither: its person
then reads that it cannot be opened, as they did before, and nobody else is concerned.
"""

import json
from contextlib import suppress
from typing import Any

from bot.crypto.sealing import KeyRing, Sealer, place
from bot.runtime.clock import EPOCH, from_micros
from bot.runtime.errors import DamagedValue
from bot.storage.cases import CallReminder, CaseHead, CaseProgress, write_head
from bot.storage.ledger import CASE_KEYS, CASES, DOCUMENTS, PEOPLE, Row
from bot.storage.session import StoreSession
from bot.storage.tables import Tables, counted
from bot.storage.tables.cases import next_turn, unwrap, wrapped_at
from bot.storage.tables.people import joined
from dialogs.core.ties import Tie, TieKind

SEVERAL = 16  # the number of that migration; the next one drops the tables of before

BEFORE = """SELECT people.mark, people.person, people.turn, people.due, people.card, people.phase, people.edition, people.active,
    people.has, people.profile, standings.body, cases_before.key, cases_before.body, case_keys.wrapped, parcels_before.body
    FROM cases_before JOIN people ON people.mark = cases_before.mark
    LEFT JOIN standings ON standings.mark = people.mark LEFT JOIN case_keys ON case_keys.id = cases_before.key
    LEFT JOIN parcels_before ON parcels_before.mark = people.mark ORDER BY people.mark"""


def move_cases(session: StoreSession, keys: KeyRing) -> None:
    """Move every case, with its documents that were not sent, and empty the tables of before."""
    with counted(session, keys) as tables:
        for row in session.execute(BEFORE).fetchall():
            _moved(tables, master=Sealer(keys.seal), row=dict(zip(NAMES, row, strict=True)))
        for table in ("parcels_before", "cases_before"):
            session.execute(f"DELETE FROM {table}")


NAMES = (
    *("mark", "person", "turn", "due", "card", "phase", "edition", "active", "has", "profile"),
    *("standing", "key", "body", "wrapped", "parcel"),
)


def _moved(tables: Tables, *, master: Sealer, row: dict[str, Any]) -> None:
    session, mark, turn = tables.session, row["mark"], row["turn"]
    if row["parcel"] is not None:
        session.ledger.fold(DOCUMENTS, (mark, row["parcel"][1:13]), None)
    person_row: Row = (mark, turn, row["due"], row["profile"][1:13])
    beside = tuple(row[name] for name in ("card", "phase", "edition", "active", "has"))
    profile_at = place("people", "profile", row=mark, turn=turn, beside=beside)
    try:
        session.ledger.demand_in_step(mark, [(PEOPLE, person_row)])
        person = master.unseal(row["person"], place("people", "person", row=mark)).decode()
        profile = master.unseal(row["profile"], profile_at).decode()
        standing = place("standings", "body", row=mark, turn=turn)
        account = json.loads(master.unseal(row["standing"], standing)) if row["standing"] is not None else {}
        secret = master.unseal(row["wrapped"], wrapped_at(mark, row["key"]))
        own = unwrap(master, mark, key_id=row["key"], wrapped=row["wrapped"])
        body = own.unseal(row["body"], place("cases", "body", row=mark, turn=turn))
    except DamagedValue:
        nothing = master.seal(b"", place("cases", "head", row=mark, turn=-1))
        session.add(CASES, mark=mark, key=row["key"], turn=turn, head=nothing, body=row["body"])
        return
    said: dict[str, Any] = {}
    with suppress(ValueError):
        said = json.loads(body)
    head = _head(tables, said, account=account, person=person, row=row)
    case, fresh = tables.cases.mark(head), next_turn(turn)
    session.change(CASE_KEYS, row["key"], wrapped=master.seal(secret, wrapped_at(case, row["key"])))
    sealed = place("cases", "head", row=case, turn=fresh, beside=(row["key"],))
    session.add(
        CASES,
        mark=case,
        key=row["key"],
        turn=fresh,
        head=master.seal(write_head(head), sealed),
        body=own.seal(body, place("cases", "body", row=case, turn=fresh)),
    )
    tables.cases.tie(head, Tie(person, case, TieKind.HOLDER, head.touched))
    in_hand = master.seal(joined(head.reference, profile).encode(), profile_at)
    session.change(PEOPLE, mark, known=person_row, profile=in_hand)
    if row["parcel"] is not None:
        with suppress(DamagedValue):
            parcel = master.unseal(row["parcel"], place("parcels", "body", row=mark))
            if json.loads(parcel)[:2] == [person, head.reference]:
                session.put(DOCUMENTS, mark=case, body=master.seal(parcel, place("parcels", "body", row=case)))


def _head(
    tables: Tables, session: dict[str, Any], *, account: dict[str, Any], person: str, row: dict[str, Any]
) -> CaseHead:
    """Return the head of a case. Of several cases with one reference, each but the first gets a number."""
    times = {
        name: from_micros(account[name]) for name in ("seen", "finished", "call_due", "call_next") if name in account
    }
    active = None if row["active"] is None else from_micros(row["active"])
    # A call of an earlier case is of no case that is here.
    reference = session.get("ref") or f"SERAF {row['mark'].hex()[:8].upper()}"  # every release wrote one
    is_its_call = account.get("call_of") == reference
    call = CallReminder(times.get("call_due"), times.get("call_next"), account.get("is_call_said", False))
    head = CaseHead(
        reference,
        person,
        times.get("seen") or active or EPOCH,
        raised_by=person,
        fingerprint=session.get("pack", ""),
        phase=row["phase"],
        progress=CaseProgress(answered=len(session.get("responses", ()))),
        finished=times.get("finished"),
        is_warned=account.get("is_warned", False),
        held=bool(account.get("held")),
        call=call if is_its_call else CallReminder(),
    )
    while not tables.cases.is_new(head.reference, head.number):
        head = head.numbered(head.number + 1)
    return head
