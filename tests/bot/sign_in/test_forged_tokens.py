"""Tests that forged or damaged tokens are all refused in the same way, and that none causes another error."""

import base64
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from joserfc.jwk import ECKey

from bot.sign_in.provider import Amiss
from tests.bot.sign_in.conftest import Visit, refusal
from tests.fakes.openid.signing import FIRST, SECOND
from tests.support.counts import times

FORGERIES = times(10_000, 120)
VALUES: tuple[Any, ...] = (
    "RS256", "ES256", "PS256", "HS256", "none", "None", "", "EdDSA", "first", "curve", "other", None, 0, True, [],
    {}, ["exp"],
)  # fmt: skip
NAMES = ("alg", "kid", "typ", "crit", "jwk", "jku", "x5u", "x5c", "b64", "zip", "enc", "cty")


def plain(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def opened(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def with_another_header(token: str, draw: Random) -> str:
    header, claims, signature = token.split(".")
    fields = json.loads(opened(header))
    for _ in range(draw.randint(1, 3)):
        name = draw.choice(NAMES)
        fields[name] = SECOND.as_dict(private=False) if name == "jwk" else draw.choice(VALUES)
        if draw.random() < 0.2:
            fields.pop(draw.choice(list(fields)))
    return ".".join((plain(json.dumps(fields).encode()), claims, draw.choice((signature, "", plain(b"x" * 256)))))


def with_other_claims(token: str, draw: Random) -> str:
    header, claims, signature = token.split(".")
    fields = json.loads(opened(claims))
    fields[draw.choice(("sub", "sid", "jti", "iat", "exp"))] = draw.choice(("bea", 2e9, "other"))
    return ".".join((header, plain(json.dumps(fields).encode()), signature))


def with_another_sign(token: str, draw: Random) -> str:
    while True:
        at = draw.randrange(len(token))
        changed = f"{token[:at]}{draw.choice('ABCxyz012-_.= é')}{token[at + 1 :]}"
        try:
            is_same = [*map(opened, changed.split("."))] == [*map(opened, token.split("."))]
        except ValueError:
            return changed
        if not is_same:
            return changed


def shortened(token: str, draw: Random) -> str:
    parts = token.split(".")
    draw.shuffle(parts)
    return draw.choice((token[: draw.randrange(len(token) - 1)], token * 2, ".".join(parts[:2]), f"{token}.{token}"))


@pytest.mark.parametrize("forge", [with_another_header, with_other_claims, with_another_sign, shortened])
async def test_every_altered_token_is_refused(visit: Visit, forge: Callable[[str, Random], str]) -> None:
    curve = ECKey.generate_key("P-256", parameters={"kid": "curve", "use": "sig"})
    visit.there.keys = [FIRST, curve]
    draw = Random(7)
    tokens = [visit.there.signer.logout_token(sub="ada", sid="sid-1")]
    visit.there.signer.key, visit.there.signer.algorithm = curve, "ES256"
    tokens.append(visit.there.signer.logout_token(sub="ada", sid="sid-1"))
    for token in tokens:
        await visit.here.departed(token)

    for _ in range(FORGERIES // 4):
        token = draw.choice(tokens)
        forged = forge(token, draw)
        if forged != token:
            assert await refusal(visit.here.departed(forged)) is Amiss.SIGNATURE, forged
