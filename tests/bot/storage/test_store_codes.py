"""What every store promises of one-time codes: each opens once, for a time, and is kept nowhere; over memory and SQLite."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.storage.store import Claim, Decide, Decision, Done, Entry, Inbound, KeyOnly, Record, Refused, Store
from tests.support.store.builders import ADA, BEA, NOON, broken, changed, one, record_of

JUST = timedelta(microseconds=1)
DAY = timedelta(days=1)


def spending(text: str | None) -> Decide:
    """What a code opens, written into the row; the code is used up. Nobody is answered who came with another."""

    def decide(record: Record) -> Decision | None:
        return None if text is None else Decision(replace(record, profile=text), (), spends=True)

    return decide


def claiming(key: str, code: str = "CODE", *, person: str = ADA, at: datetime = NOON) -> Inbound:
    """An event that comes with a code."""
    return Inbound(key, at, person, broken, "m1", Claim(code, spending))


class TestCodes:
    """What every store promises of one-time codes."""

    async def test_a_code_gives_the_decision_what_it_opens(self, store: Store) -> None:
        """And not the decision that stands beside it."""
        await store.issue("CODE", "opens é", NOON + DAY)

        outcome = await one(store, claiming("k1"))

        assert isinstance(outcome, Done)
        assert (await record_of(store, ADA)).profile == "opens é"

    async def test_a_code_that_was_spent_opens_nothing(self, store: Store) -> None:
        """Not in the same batch either, for whoever comes second."""
        await store.issue("CODE", "opens", NOON + DAY)

        first, second = await store.turns([claiming("k1"), claiming("k2", person=BEA)])
        later = await one(store, claiming("k3", person=BEA))

        assert (type(first), second, later) == (Done, KeyOnly("k2"), KeyOnly("k3"))
        assert await store.recall(BEA) is None

    @pytest.mark.parametrize("code", ["", "COD", "CODE ", "code", "\0", "X" * 5000])
    async def test_another_code_opens_nothing(self, store: Store, code: str) -> None:
        """However near it is."""
        await store.issue("CODE", "opens", NOON + DAY)

        assert await one(store, claiming("k1", code)) == KeyOnly("k1")

    @pytest.mark.parametrize(("at", "is_good"), [(NOON + DAY, False), (NOON + DAY - JUST, True)])
    async def test_a_code_is_good_until_its_time(self, store: Store, at: datetime, is_good: bool) -> None:
        """That microsecond excluded."""
        await store.issue("CODE", "opens", NOON + DAY)

        assert isinstance(await one(store, claiming("k1", at=at)), Done) == is_good

    async def test_a_code_stays_good_where_its_event_failed_or_spent_nothing(self, store: Store) -> None:
        """Refused and repeated events use nothing up, and neither does a decision that does not say so."""
        await store.issue("CODE", "opens", NOON + DAY)
        failing = replace(claiming("k1"), claim=Claim("CODE", lambda text: broken))
        sparing = replace(claiming("k2"), claim=Claim("CODE", lambda text: changed(profile=text)))

        refused, spared, repeated = await store.turns([failing, sparing, replace(claiming("k2"), key="k2")])

        assert isinstance(refused, Refused)
        assert (await record_of(store, ADA)).profile == "opens"
        assert (spared.key, repeated.key) == ("k2", "k2")
        assert isinstance(await one(store, claiming("k3")), Done)

    async def test_codes_that_are_good_are_listed_by_what_they_open(self, store: Store) -> None:
        """First what ends first; neither a code nor what was spent or is over."""
        for code, text, until in (("ONE", "second", 2 * DAY), ("TWO", "first é", DAY), ("CODE", "spent", DAY)):
            await store.issue(code, text, NOON + until)
        await one(store, claiming("k1"))

        assert await store.good_codes(NOON) == (("first é", NOON + DAY), ("second", NOON + 2 * DAY))
        assert await store.good_codes(NOON + DAY) == (("second", NOON + 2 * DAY),)
        assert await store.good_codes(NOON + 2 * DAY) == ()

    async def test_a_code_that_is_withdrawn_opens_nothing_and_is_noted_with_it(self, store: Store) -> None:
        """The others stay good; a second time there is nothing to withdraw, and nothing is noted."""
        said = Entry(NOON, "operator", "withdrawn", "1a2b3c4d")
        for code, text in (("CODE", "opens"), ("TWO", "opens too")):
            await store.issue(code, text, NOON + DAY)

        withdrawn = [await store.withdraw("opens", said), await store.withdraw("opens", said)]

        assert withdrawn == [True, False]
        assert await store.entries() == (said,)
        assert await one(store, claiming("k1")) == KeyOnly("k1")
        assert isinstance(await one(store, claiming("k2", "TWO")), Done)

    async def test_what_is_not_good_is_not_withdrawn(self, store: Store) -> None:
        """A code whose time is over, and a text that none opens."""
        await store.issue("CODE", "opens", NOON)

        assert not await store.withdraw("opens", Entry(NOON, "operator", "withdrawn"))
        assert not await store.withdraw("", Entry(NOON, "operator", "withdrawn"))
        assert await store.entries() == ()

    async def test_codes_whose_time_is_over_are_forgotten(self, store: Store) -> None:
        """At their time, not before; the others stay good."""
        await store.issue("ONE", "opens", NOON)
        await store.issue("TWO", "opens", NOON + JUST)

        forgotten = [await store.forget_tickets(NOON - JUST), await store.forget_tickets(NOON)]

        assert forgotten == [0, 1]
        assert await one(store, claiming("k1", "ONE", at=NOON - JUST)) == KeyOnly("k1")
        assert isinstance(await one(store, claiming("k2", "TWO")), Done)
