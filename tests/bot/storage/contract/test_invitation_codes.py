"""Contract of invitation codes: each works once, for a limited time, and is never stored unencrypted."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.storage.store import Store
from bot.storage.values import Decide, Done, Inbound, Issued, KeyOnly, Refused
from bot.trail.chain import Entry
from tests.support.store.builders import (
    ADA,
    BEA,
    NOON,
    bringing,
    broken,
    changed,
    coming,
    issued,
    one,
    record_of,
    unanswered,
    valid,
)

JUST = timedelta(microseconds=1)
DAY = timedelta(days=1)


def spending(text: str | None) -> Decide:
    return unanswered if text is None else bringing(changed(profile=text), spends=True)


def spent(key: str, code: str = "CODE", *, person: str = ADA, at: datetime = NOON) -> Inbound:
    return replace(coming(key, code, spending, person=person, own_message="m1"), at=at)


class TestCodes:
    async def test_many_codes_are_issued_at_once_and_recorded_in_the_audit(self, store: Store) -> None:
        codes = [Issued(f"CODE{number}", f"opens {number}", NOON + DAY * number) for number in (1, 2)]
        said = [Entry(NOON, "operator", "invited", f"{number}") for number in (1, 2)]

        await store.write(lambda t: t.invitation_codes.issue_all(codes, said))

        assert await valid(store, NOON) == tuple((each.text, each.until) for each in codes)
        assert await store.read(lambda t: t.audit.entries()) == tuple(said)

    async def test_a_code_gives_the_decision_what_it_opens(self, store: Store) -> None:
        await store.write(lambda t: t.invitation_codes.issue("CODE", "opens é", until=NOON + DAY))

        outcome = await one(store, spent("k1"))

        assert isinstance(outcome, Done)
        assert (await record_of(store, ADA)).profile == "opens é"

    async def test_a_code_that_was_spent_opens_nothing(self, store: Store) -> None:
        await store.write(lambda t: t.invitation_codes.issue("CODE", "opens", until=NOON + DAY))

        first, second = await store.turns([spent("k1"), spent("k2", person=BEA)])
        later = await one(store, spent("k3", person=BEA))

        assert (type(first), second, later) == (Done, KeyOnly("k2"), KeyOnly("k3"))
        assert await store.recall(BEA) is None

    @pytest.mark.parametrize("code", ["", "COD", "CODE ", "code", "\0", "X" * 5000])
    async def test_another_code_opens_nothing(self, store: Store, code: str) -> None:
        await store.write(lambda t: t.invitation_codes.issue("CODE", "opens", until=NOON + DAY))

        assert await one(store, spent("k1", code)) == KeyOnly("k1")

    @pytest.mark.parametrize(("at", "is_good"), [(NOON + DAY, False), (NOON + DAY - JUST, True)])
    async def test_a_code_is_good_until_its_time(self, store: Store, at: datetime, is_good: bool) -> None:
        await store.write(lambda t: t.invitation_codes.issue("CODE", "opens", until=NOON + DAY))

        assert isinstance(await one(store, spent("k1", at=at)), Done) == is_good

    async def test_a_code_stays_good_where_its_event_failed_or_spent_nothing(self, store: Store) -> None:
        await store.write(lambda t: t.invitation_codes.issue("CODE", "opens", until=NOON + DAY))
        failing = coming("k1", "CODE", lambda text: broken)
        sparing = coming("k2", "CODE", lambda text: changed(profile=text or ""))

        refused, spared, repeated = await store.turns([failing, sparing, replace(spent("k2"), key="k2")])

        assert isinstance(refused, Refused)
        assert (await record_of(store, ADA)).profile == "opens"
        assert (spared.key, repeated.key) == ("k2", "k2")
        assert isinstance(await one(store, spent("k3")), Done)

    async def test_codes_that_are_valid_are_listed_by_what_they_open(self, store: Store) -> None:
        await issued(
            store,
            *(
                Issued(code, text, NOON + until)
                for code, text, until in (("ONE", "second", 2 * DAY), ("TWO", "first é", DAY), ("CODE", "spent", DAY))
            ),
        )
        await one(store, spent("k1"))

        assert await valid(store, NOON) == (("first é", NOON + DAY), ("second", NOON + 2 * DAY))
        assert await valid(store, NOON + DAY) == (("second", NOON + 2 * DAY),)
        assert await valid(store, NOON + 2 * DAY) == ()

    async def test_a_code_that_is_withdrawn_opens_nothing_and_is_noted_with_it(self, store: Store) -> None:
        said = Entry(NOON, "operator", "withdrawn", "1a2b3c4d")
        await issued(
            store, *(Issued(code, text, NOON + DAY) for code, text in (("CODE", "opens"), ("TWO", "opens too")))
        )

        withdrawn = [
            await store.write(lambda t: t.invitation_codes.withdraw("opens", said)),
            await store.write(lambda t: t.invitation_codes.withdraw("opens", said)),
        ]

        assert withdrawn == [True, False]
        assert await store.read(lambda t: t.audit.entries()) == (said,)
        assert await one(store, spent("k1")) == KeyOnly("k1")
        assert isinstance(await one(store, spent("k2", "TWO")), Done)

    async def test_an_invalid_invitation_is_not_withdrawn(self, store: Store) -> None:
        await store.write(lambda t: t.invitation_codes.issue("CODE", "opens", until=NOON))

        assert not await store.write(
            lambda t: t.invitation_codes.withdraw("opens", Entry(NOON, "operator", "withdrawn"))
        )
        assert not await store.write(lambda t: t.invitation_codes.withdraw("", Entry(NOON, "operator", "withdrawn")))
        assert await store.read(lambda t: t.audit.entries()) == ()

    async def test_codes_whose_time_is_over_are_forgotten(self, store: Store) -> None:
        await store.write(lambda t: t.invitation_codes.issue("ONE", "opens", until=NOON))
        await store.write(lambda t: t.invitation_codes.issue("TWO", "opens", until=NOON + JUST))

        forgotten = [
            await store.write(lambda t: t.invitation_codes.forget_expired(NOON - JUST)),
            await store.write(lambda t: t.invitation_codes.forget_expired(NOON)),
        ]

        assert forgotten == [0, 1]
        assert await one(store, spent("k1", "ONE", at=NOON - JUST)) == KeyOnly("k1")
        assert isinstance(await one(store, spent("k2", "TWO")), Done)
