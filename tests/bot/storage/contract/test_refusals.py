"""Contract of a turn whose decision fails or breaks the rules: only this turn is undone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.storage.store import Store
from bot.storage.values import Decide, Done, MonthlyCount, OwedDocument, Refused, Reminder, Repeated, Shared
from bot.trail.chain import Entry
from tests.support.store.builders import (
    ADA,
    BEA,
    NOON,
    bringing,
    broken,
    changed,
    event,
    looking_at_shared,
    one,
    record_of,
    tap,
)


class TestRefused:
    async def test_a_failing_decision_is_refused_alone(self, store: Store) -> None:
        batch = [event("k1", tap("a")), event("k2", broken), event("k3", tap("b")), event("k4", broken, person=BEA)]

        first, refused, last, stranger = await store.turns(batch)

        assert (type(first), type(last)) == (Done, Done)
        assert isinstance(refused, Refused)
        assert refused.error.split()[0] == "LookupError"
        assert len(refused.error.split()[1]) == 8
        assert refused.where.startswith("tests.support.store.builders:")
        assert "secret" not in repr(refused)
        assert isinstance(stranger, Refused)
        assert (await record_of(store, ADA)).case == "b"
        assert await store.recall(BEA) is None
        assert not await store.verify()

    async def test_a_refused_event_is_not_met_again(self, store: Store) -> None:
        """The event's key is stored, so that a redelivery counts as a repeat and does not fail for ever."""
        await store.turns([event("k1", tap("a")), event("k2", broken), event("k3", broken, person=BEA)])

        again = await store.turns([event("k2", tap("b")), event("k3", tap("b"), person=BEA)])

        recalled = await store.recall(ADA)
        assert recalled is not None
        assert again == (Repeated("k2", *recalled), Repeated("k3", None, None))
        assert recalled[0].case == "a"

    @pytest.mark.parametrize(
        "decide",
        [
            changed(person=BEA),
            changed(card=-1),
            changed(card=2**63),
            changed(card="1"),
            changed(profile=None),
            changed(case=7),
            changed(case="\ud800"),
            changed(phase="\ud800"),
            changed(edition=None),
            changed(active=NOON.replace(tzinfo=None)),
            changed(active="noon"),
            changed(access=None),
            changed(access="\ud800"),
            changed(due=NOON.replace(tzinfo=None)),
            changed(due="noon"),
        ],
    )
    async def test_a_decision_outside_the_rules_is_refused(self, store: Store, decide: Decide) -> None:
        await store.turns([event("k1", tap("a"))])

        outcome = await one(store, event("k2", decide))

        assert isinstance(outcome, Refused)
        assert (await record_of(store, ADA)).card == 1
        assert await store.recall(BEA) is None

    async def test_a_refused_turn_leaves_nothing_of_what_it_brought(self, store: Store) -> None:
        room = Shared("ABCD2345", "whole", NOON + timedelta(days=1), (ADA,))
        found: list[Shared | None] = []

        def looking(shared: Shared | None) -> Decide:
            found.append(shared)
            return changed()

        spoilt = bringing(
            changed(card=-1),
            entries=(Entry(NOON, "0a0b0c0d", "begun"),),
            reminder=Reminder(ADA, "BRISK OTTER 41", NOON),
            document=OwedDocument(ADA, "BRISK OTTER 41", "pdf", NOON),
            counts=(MonthlyCount("2026-03", "lead", "told"),),
            shares=replace(room, text="half"),
        )

        await one(store, event("k1", bringing(tap(), shares=room)))
        assert isinstance(await one(store, event("k2", looking_at_shared(room.name, lambda _: spoilt))), Refused)
        await one(store, event("k3", looking_at_shared(room.name, looking), person=BEA))

        assert found == [room]
        assert await store.read(lambda t: t.audit.entries()) == ()
        assert await store.read(lambda t: t.reminders.due(NOON)) == ()
        assert await store.read(lambda t: t.documents.owed()) == ()
        assert await store.read(lambda t: t.monthly_counts.by_month()) == {}
