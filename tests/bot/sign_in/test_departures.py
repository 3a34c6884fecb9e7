"""Tests of back-channel logout: which logout tokens of the provider count, and which do not."""

from typing import Any

import pytest

from bot.sign_in.provider import Amiss
from tests.bot.sign_in.conftest import Visit, refusal
from tests.fakes.openid.signing import LEFT, SECOND


async def test_a_sign_off_names_a_sign_in_or_a_person(visit: Visit) -> None:
    for claims in ({"sub": "ada"}, {"sid": "sid-1"}, {"sub": "ada", "sid": "sid-1"}):
        found = await visit.here.departed(visit.there.signer.logout_token(jti="one", **claims))

        assert (found.jti, found.subject, found.sid) == ("one", claims.get("sub", ""), claims.get("sid", ""))


@pytest.mark.parametrize(
    ("claims", "found"),
    [
        ({"nonce": "x"}, Amiss.NO_SIGN_OFF),
        ({"nonce": ""}, Amiss.NO_SIGN_OFF),
        ({"events": None}, Amiss.NO_SIGN_OFF),
        ({"events": {}}, Amiss.NO_SIGN_OFF),
        ({"events": {"http://other.example": {}}}, Amiss.NO_SIGN_OFF),
        ({"events": {LEFT: "yes"}}, Amiss.NO_SIGN_OFF),
        ({"events": [LEFT]}, Amiss.NO_SIGN_OFF),
        ({"jti": None}, Amiss.NO_SIGN_OFF),
        ({"jti": ""}, Amiss.NO_SIGN_OFF),
        ({"sub": None, "sid": None}, Amiss.NO_SIGN_OFF),
        ({"iss": "https://other.example"}, Amiss.ISSUER),
        ({"aud": "other"}, Amiss.AUDIENCE),
        ({"exp": None}, Amiss.TIME),
        ({"exp": 1}, Amiss.TIME),
        ({"iat": 1}, Amiss.TIME),
    ],
)
async def test_a_malformed_logout_token_ends_nothing(visit: Visit, claims: dict[str, Any], found: Amiss) -> None:
    token = visit.there.signer.logout_token(sub="ada", sid="sid-1")
    await visit.here.departed(token)
    visit.there.signer.overrides = claims

    assert await refusal(visit.here.departed(visit.there.signer.logout_token(sub="ada", sid="sid-1"))) is found


@pytest.mark.parametrize("way", [{"algorithm": "none"}, {"algorithm": "HS256"}, {"key": SECOND}])
async def test_a_token_without_the_sign_in_s_signature_ends_nothing(visit: Visit, way: dict[str, Any]) -> None:
    for name, value in way.items():
        setattr(visit.there.signer, name, value)

    assert await refusal(visit.here.departed(visit.there.signer.logout_token(sub="ada"))) is Amiss.SIGNATURE


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "é", "x" * 70_000, "e30.e30.", "[]..", "bnVsbA.e30.AA"])
async def test_something_other_than_a_token_ends_nothing(visit: Visit, token: str) -> None:
    assert await refusal(visit.here.departed(token)) is Amiss.SIGNATURE
