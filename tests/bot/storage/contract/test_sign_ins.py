"""Contract of sign-ins: each is valid in one browser, for a limited time, and until it is ended."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.storage.store import Store
from bot.storage.values import MOST_BROWSERS, SignIn, SignOff
from tests.support.store.builders import ADA, BEA, NOON, bringing, broken, event, one, sign_in_of, signed_in

HOUR = timedelta(hours=1)
JUST = timedelta(microseconds=1)
OWN = SignIn("secret", ADA, NOON + HOUR, "provider 1")


async def left(store: Store, *sign_ins: SignIn) -> list[str]:
    return [each.secret for each in sign_ins if await sign_in_of(store, each.secret) is not None]


class TestSignIns:
    async def test_a_sign_in_is_found_by_its_secret_alone(self, store: Store) -> None:
        await signed_in(store, OWN, replace(OWN, secret="other", person=BEA))

        assert await sign_in_of(store, "secret") == OWN
        for wrong in ("", "secre", "Secret", "secret ", ADA):
            assert await sign_in_of(store, wrong) is None

    async def test_a_sign_in_counts_until_its_time(self, store: Store) -> None:
        await signed_in(store, OWN)

        assert await store.read(lambda t: t.sign_ins.find("secret", OWN.until - JUST)) == OWN
        assert await store.read(lambda t: t.sign_ins.find("secret", OWN.until)) is None

    async def test_one_browser_too_many_ends_what_would_end_first(self, store: Store) -> None:
        mine = [SignIn(f"{n}", ADA, NOON + HOUR + n * JUST) for n in range(MOST_BROWSERS + 1)]
        hers = replace(OWN, secret="hers", person=BEA, until=NOON + JUST)

        await signed_in(store, hers, *reversed(mine))

        assert await left(store, hers, *mine) == ["hers", *(each.secret for each in mine[1:])]

    @pytest.mark.parametrize(
        ("said", "stay"),
        [
            (SignOff("k", NOON, "", "provider 1"), ["second", "hers"]),
            (SignOff("k", NOON, ADA), ["hers"]),
            (SignOff("k", NOON, ADA, "provider 2"), ["first", "hers"]),
            (SignOff("k", NOON, BEA, "provider 1"), ["first", "second", "hers"]),
            (SignOff("k", NOON, ""), ["first", "second", "hers"]),
        ],
    )
    async def test_a_sign_off_ends_what_it_names(self, store: Store, said: SignOff, stay: list[str]) -> None:
        first, second = replace(OWN, secret="first"), replace(OWN, secret="second", at_provider="provider 2")
        hers = SignIn("hers", BEA, OWN.until)
        await signed_in(store, first, second, hers)

        assert await store.write(lambda t: t.sign_ins.sign_off(said))

        assert await left(store, first, second, hers) == stay

    async def test_a_sign_off_counts_once(self, store: Store) -> None:
        said = SignOff("k", NOON, ADA)

        assert await store.write(lambda t: t.sign_ins.sign_off(said))
        await signed_in(store, OWN)

        assert not await store.write(lambda t: t.sign_ins.sign_off(said))
        assert await left(store, OWN) == ["secret"]

    async def test_a_turn_signs_in_or_it_does_not(self, store: Store) -> None:
        await one(store, event("k1", broken))
        assert await left(store, OWN) == []

        await one(store, event("k2", bringing(signs_in=OWN)))
        assert await left(store, OWN) == ["secret"]

    async def test_a_forgotten_person_is_signed_out_everywhere(self, store: Store) -> None:
        hers = replace(OWN, secret="hers", person=BEA)
        await signed_in(store, OWN, replace(OWN, secret="second"), hers)

        await one(store, event("k1", bringing(forgets=ADA)))

        assert await left(store, OWN, replace(OWN, secret="second"), hers) == ["hers"]

    async def test_sign_ins_whose_time_is_over_are_forgotten(self, store: Store) -> None:
        await signed_in(store, OWN, replace(OWN, secret="later", until=OWN.until + JUST))

        forgotten = [
            await store.write(lambda t: t.sign_ins.forget_expired(OWN.until - JUST)),
            await store.write(lambda t: t.sign_ins.forget_expired(OWN.until)),
        ]

        assert forgotten == [0, 1]
        assert await sign_in_of(store, "later") is not None
