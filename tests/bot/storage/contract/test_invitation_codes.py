"""Contract of one-time codes: each opens once, for a time, and is never stored in clear; after five wrong ones people wait."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.storage.store import Store
from bot.storage.tables.admission import FIRST_PAUSE, LONGEST_PAUSE, REMEMBERED, TRIES
from bot.storage.values import Decide, Done, Inbound, Issued, KeyOnly, Refused, Repeated
from bot.trail.chain import Entry
from tests.support.store.builders import (
    ADA,
    BEA,
    NOON,
    bringing,
    broken,
    changed,
    coming,
    event,
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


CODE = Issued("CODE", "opens", NOON + timedelta(days=90))


def trying(key: str, *, at: datetime = NOON, person: str = ADA) -> Inbound:
    """Return an event that brings the right code, and that is answered if the code is looked at."""
    brings = coming(key, CODE.code, lambda text: changed() if text else unanswered, person=person)
    return replace(brings, at=at, is_try=True)


def wrong(key: str, *, at: datetime = NOON) -> Inbound:
    return replace(coming(key, "WRONG", lambda text: changed() if text else unanswered), at=at, is_try=True)


async def tired(store: Store, *, at: datetime = NOON) -> None:
    """Use up the tries of Ada."""
    await issued(store, CODE)
    await store.turns([wrong(f"wrong {number}", at=at) for number in range(TRIES)])


class TestTries:
    async def test_after_five_wrong_codes_the_right_one_has_to_wait(self, store: Store) -> None:
        await tired(store)

        assert isinstance(await one(store, trying("soon", at=NOON + FIRST_PAUSE - JUST)), KeyOnly)
        assert isinstance(await one(store, trying("other", person=BEA)), Done)
        assert isinstance(await one(store, trying("later", at=NOON + FIRST_PAUSE)), Done)

    async def test_the_pause_doubles_with_each_further_code_up_to_a_day(self, store: Store) -> None:
        await tired(store)
        at, pauses = NOON, []
        for number in range(14):
            pause = min(FIRST_PAUSE * 2**number, LONGEST_PAUSE)
            assert not await store.write(lambda t: t.tries.may_try(ADA, at + pause - JUST))  # noqa: B023 - called at once
            at += pause
            pauses.append(pause)
            assert await store.write(lambda t: t.tries.may_try(ADA, at))  # noqa: B023 - called at once

        assert [pause / FIRST_PAUSE for pause in pauses[:4]] == [1, 2, 4, 8]
        assert pauses[-1] == LONGEST_PAUSE

    async def test_a_code_counts_even_if_its_event_is_refused(self, store: Store) -> None:
        await issued(store, CODE)
        for number in range(TRIES):
            assert isinstance(await one(store, replace(event(f"{number}", broken), is_try=True)), Refused)

        assert isinstance(await one(store, trying("next")), KeyOnly)

    async def test_an_event_that_is_delivered_again_counts_once(self, store: Store) -> None:
        await issued(store, CODE)
        for _ in range(TRIES + 1):
            assert isinstance(await one(store, wrong("the same")), KeyOnly | Repeated)

        assert isinstance(await one(store, trying("next")), Done)

    async def test_somebody_who_is_let_in_has_no_wrong_codes(self, store: Store) -> None:
        await tired(store)
        await one(store, trying("in", at=NOON + FIRST_PAUSE))

        assert isinstance(await one(store, trying("again", at=NOON + FIRST_PAUSE)), Done)

    async def test_wrong_codes_are_forgotten_in_time(self, store: Store) -> None:
        await tired(store)

        assert await store.write(lambda t: t.short_lived.forget_expired(NOON + REMEMBERED - JUST)) == 0
        assert await store.write(lambda t: t.short_lived.forget_expired(NOON + REMEMBERED)) == 1
        assert isinstance(await one(store, trying("anew")), Done)
