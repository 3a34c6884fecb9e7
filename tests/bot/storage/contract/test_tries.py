"""Contract of tries of invitation codes: five, then growing pauses, whichever program asks, and each event once."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.storage.store import Store
from bot.storage.tables.admission import FIRST_PAUSE, LONGEST_PAUSE, REMEMBERED, TRIES
from bot.storage.values import Done, Inbound, Issued, KeyOnly, Refused, Repeated
from tests.support.store.builders import ADA, BEA, NOON, broken, changed, coming, event, issued, one, unanswered

JUST = timedelta(microseconds=1)
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
