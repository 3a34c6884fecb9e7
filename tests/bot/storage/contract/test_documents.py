"""Contract of pending documents: stored with the turn that requested them, and deleted with the case."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.runtime.errors import StoreFault
from bot.storage.sqlite.opening import open_sqlite
from bot.storage.store import Store
from bot.storage.values import Decide, Decision, OwedDocument, Record, Refused
from tests.support.store.builders import ADA, BEA, KEYS, NOON, ask, bringing, changed, event, having, one, tap

PDF = OwedDocument(ADA, f"CASE OF {ADA}", "pdf", NOON)
TEXT = replace(PDF, kind="text", asked=NOON + timedelta(seconds=1))
COURSE = OwedDocument(ADA, "", "own-course", NOON)
"""A pending document without a reference. It belongs to a person's rehearsals and to no case."""


def owing(document: OwedDocument, case: str | None = "{}") -> Decide:
    return bringing(tap(case), document=document)


class TestOwedDocuments:
    async def test_a_pending_document_is_read_as_it_was_written(self, store: Store) -> None:
        bea = replace(PDF, person=BEA, reference=f"CASE OF {BEA}")
        await store.turns([event("k1", owing(PDF)), event("k2", owing(TEXT)), event("k3", owing(bea), person=BEA)])

        assert await store.read(lambda t: t.documents.owed()) == (PDF, TEXT, bea)

    @pytest.mark.parametrize("document", [PDF, COURSE])
    async def test_a_document_requested_twice_is_pending_once(self, store: Store, document: OwedDocument) -> None:
        later = replace(document, asked=NOON + timedelta(minutes=1))
        await store.turns([event("k1", owing(document)), event("k2", owing(TEXT)), event("k3", owing(later))])
        await store.write(lambda t: t.documents.forget(document))

        assert await store.read(lambda t: t.documents.owed()) == (TEXT, later)

    async def test_one_is_forgotten_alone(self, store: Store) -> None:
        later = replace(PDF, asked=NOON + timedelta(minutes=1))
        await store.turns([event("k1", owing(TEXT)), event("k2", owing(later))])

        await store.write(lambda t: t.documents.forget(TEXT))

        assert await store.read(lambda t: t.documents.owed()) == (later,)

    async def test_documents_of_two_cases_of_a_person_are_separate(self, store: Store) -> None:
        other = replace(TEXT, reference="CALM FERN 12")

        def second(record: Record, _: object) -> Decision:
            return Decision(having(record, "{}", reference=other.reference), (), (other,))

        await store.turns([event("k1", owing(PDF)), event("k2", second)])
        assert await store.read(lambda t: t.documents.owed()) == (PDF, other)

        await store.turns([event("k3", tap(None))])
        assert await store.read(lambda t: t.documents.owed()) == (PDF,)

    async def test_a_document_of_a_case_that_its_person_has_not_is_refused(self, store: Store) -> None:
        of_bea = replace(PDF, reference=f"CASE OF {BEA}")
        await store.turns([event("k1", tap()), event("k2", tap(), person=BEA)])

        assert isinstance(await one(store, event("k3", bringing(document=of_bea))), Refused)
        assert await store.read(lambda t: t.documents.owed()) == ()

    async def test_it_goes_in_the_transaction_that_erases_the_case(self, store: Store) -> None:
        bea = replace(PDF, person=BEA, reference=f"CASE OF {BEA}")
        await store.turns([event("k1", owing(PDF)), event("k2", owing(bea), person=BEA)])

        await store.turns([event("k3", tap(None))])

        assert await store.read(lambda t: t.documents.owed()) == (bea,)

    async def test_documents_of_a_rehearsal_and_of_a_case_are_separate(self, store: Store) -> None:
        other = replace(COURSE, kind="another")
        await store.turns([event("k1", owing(COURSE)), event("k2", owing(PDF)), event("k3", owing(other))])

        assert await store.read(lambda t: t.documents.owed()) == (PDF, COURSE, other)

    async def test_one_is_forgotten_without_the_other_even_of_the_same_kind(self, store: Store) -> None:
        alike = replace(PDF, reference="")
        await store.turns([event("k1", owing(PDF)), event("k2", owing(alike))])

        await store.write(lambda t: t.documents.forget(PDF))
        assert await store.read(lambda t: t.documents.owed()) == (alike,)

        await store.write(lambda t: t.documents.forget(alike))
        assert await store.read(lambda t: t.documents.owed()) == ()

    async def test_a_document_of_a_rehearsal_needs_no_case(self, store: Store) -> None:
        await store.turns([event("k1", owing(COURSE, None)), event("k2", owing(PDF)), event("k3", tap(None))])

        assert await store.read(lambda t: t.documents.owed()) == (COURSE,)


@pytest.mark.parametrize(
    ("table", "value"),
    [
        ("parcels", "(SELECT body FROM standings)"),
        ("parcels", "zeroblob(157)"),
        ("parcels", "(SELECT body FROM rehearsal_parcels)"),
        ("rehearsal_parcels", "(SELECT body FROM parcels)"),
    ],
)
async def test_a_value_from_another_place_does_not_open(tmp_path: Path, table: str, value: str) -> None:
    standing = changed(access="a standing")
    store = await open_sqlite(tmp_path / "store.db", KEYS)
    await store.turns([event("k1", owing(PDF)), event("k2", standing), event("k3", owing(COURSE))])
    ask(tmp_path / "store.db", f"UPDATE {table} SET body = {value}")

    with pytest.raises(StoreFault, match=rf"{table}\.body"):
        await store.read(lambda t: t.documents.owed())
    await store.close()
