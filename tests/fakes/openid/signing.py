"""The fake provider's signatures, made with changing keys or deliberately wrong."""

import base64
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from bot.runtime.clock import Clock

LEFT = "http://schemas.openid.net/event/backchannel-logout"


def rsa_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": kid, "use": "sig"})


FIRST, SECOND = rsa_key("first"), rsa_key("second")
"""Two signing keys, generated once, since that takes a while."""


@dataclass(slots=True)
class Signer:
    """A signer of claims as a JWT. `overrides` replaces claims (None removes one), `header` replaces header fields."""

    issuer: str
    client: str
    clock: Clock
    key: RSAKey | ECKey = field(default_factory=lambda: FIRST)
    algorithm: str = "RS256"
    shift: timedelta = timedelta(0)
    overrides: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    is_kid_named: bool = True

    def id_token(self, subject: str, *, nonce: str, sid: str, more: Mapping[str, Any]) -> str:
        return self.signed({**self._frame(), "sub": subject, "nonce": nonce, "sid": sid, **more})

    def logout_token(self, **claims: Any) -> str:
        frame = {**self._frame(), "jti": f"jti-{time.monotonic_ns()}", "events": {LEFT: {}}}
        return self.signed(frame | claims)

    def signed(self, claims: dict[str, Any]) -> str:
        result = {name: value for name, value in (claims | self.overrides).items() if value is not None}
        kid = {"kid": self.key.kid} if self.is_kid_named else {}
        header = {"alg": self.algorithm, **kid, **self.header}
        match self.algorithm:
            case "none":
                return f"{_plain(json.dumps(header).encode())}.{_plain(json.dumps(result).encode())}."
            case "HS256":  # signed with the public key as the secret, which anybody could do
                text = f"{_plain(json.dumps(header).encode())}.{_plain(json.dumps(result).encode())}"
                return f"{text}.{_plain(hmac.digest(self.key.as_pem(private=False), text.encode(), 'sha256'))}"
            case _:
                return jwt.encode(header, result, self.key, algorithms=[self.algorithm])

    def _frame(self) -> dict[str, Any]:
        now = int((self.clock.now() + self.shift).timestamp())
        return {"iss": self.issuer, "aud": self.client, "iat": now, "exp": now + 300}


def _plain(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
