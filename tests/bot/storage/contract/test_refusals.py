"""Contract of a decision that fails or breaks the rules: it alone is undone."""

import pytest

from bot.storage.store import Store
from bot.storage.values import Decide, Done, Refused, Repeated
from tests.support.store.builders import ADA, BEA, NOON, broken, changed, event, one, record_of, tap


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
        """Its key is stored, so that a redelivery does not fail for ever."""
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
