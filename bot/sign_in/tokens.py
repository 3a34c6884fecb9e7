"""What the organisation's sign-in signed, checked claim by claim: who came (an ID token), or who left (a logout token)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry, extract_compact

from bot.sign_in.provider import Provider
from bot.sign_in.refusals import Amiss, NotSignedIn

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures with a key of which only the organisation has the other half. Neither `none` nor a shared secret is one."""

SKEW = timedelta(seconds=60)
"""How far the two clocks may be apart."""

OLDEST = timedelta(minutes=10)
"""How old what was signed may be."""

LONGEST_SUBJECT = 255
LEFT = "http://schemas.openid.net/event/backchannel-logout"

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody whom the organisation's sign-in knows: by which subject, in which of its sign-ins, and all that it says."""

    subject: str = field(repr=False)
    sid: str = field(repr=False)
    claims: Claims = field(repr=False)


@dataclass(frozen=True, slots=True)
class Departure:
    """A sign-in that ended there (`sid`), or all of a subject; `jti` names what was said, which counts once."""

    jti: str = field(repr=False)
    subject: str = field(repr=False)
    sid: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Checks what one organisation's sign-in signs for one client."""

    provider: Provider
    client: str

    async def arrival(self, token: str, now: datetime, *, nonce: str, fresh_since: datetime | None) -> Arrival:
        """Who came; with `fresh_since` only who signed in there since then. `NotSignedIn` says what does not fit."""
        claims = await self._claims(token, now)
        if not isinstance(claims.get("nonce"), str) or not _same(claims["nonce"], nonce):
            raise NotSignedIn(Amiss.NONCE)
        _demand_time(claims, now)
        if fresh_since is not None:
            at = _moment(claims.get("auth_time"))
            if at is None or not fresh_since - SKEW <= at <= now + SKEW:
                raise NotSignedIn(Amiss.NOT_FRESH)
        subject = _text(claims, "sub")
        if not subject:
            raise NotSignedIn(Amiss.SUBJECT)
        return Arrival(subject, _text(claims, "sid"), claims)

    async def departure(self, token: str, now: datetime) -> Departure:
        """Who left. An ID token is no logout token: that has the event, and no nonce."""
        claims = await self._claims(token, now)
        _demand_time(claims, now)
        events = claims.get("events")
        is_event = isinstance(events, dict) and isinstance(events.get(LEFT), dict)
        jti, subject, sid = (_text(claims, name) for name in ("jti", "sub", "sid"))
        if not is_event or "nonce" in claims or not jti or not (subject or sid):
            raise NotSignedIn(Amiss.NO_SIGN_OFF)
        return Departure(jti, subject, sid)

    async def _claims(self, token: str, now: datetime) -> Claims:
        """What the token says, once it was signed by the organisation's sign-in, for this client."""
        claims = await self._signed(token)
        if claims.get("iss") != self.provider.issuer:
            raise NotSignedIn(Amiss.ISSUER)
        given = claims.get("aud")
        audience = given if isinstance(given, list) else [given]
        # With more than one audience the token has to say to whom it was given (OpenID Connect Core, 3.1.3.7): else one
        # that another client was given, and that names us as well, would count here.
        party = claims.get("azp", self.client if len(audience) == 1 else None)
        if self.client not in audience or party != self.client:
            raise NotSignedIn(Amiss.AUDIENCE)
        return claims

    async def _signed(self, token: str) -> Claims:
        try:
            header = extract_compact(token.encode()).headers()
            kid = header.get("kid")
            key = await self.provider.key(kid if isinstance(kid, str) else None)
            if key is None:
                raise NotSignedIn(Amiss.SIGNATURE)
            # Words in the header that nobody knows are passed over, as RFC 7515 has it; what
            # `crit` names is still checked.
            registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
            return jwt.decode(token, key, algorithms=ALGORITHMS, registry=registry).claims
        # The header is read before the signature is looked at, so that anybody can nest JSON in it
        # too deep for the parser.
        except (JoseError, ValueError, TypeError, RecursionError):
            raise NotSignedIn(Amiss.SIGNATURE) from None


def _demand_time(claims: Claims, now: datetime) -> None:
    """`NotSignedIn` unless it was signed a short while ago and has not run out."""
    signed, until = _moment(claims.get("iat")), _moment(claims.get("exp"))
    begins = _moment(claims.get("nbf", 0))
    if signed is None or until is None or begins is None:
        raise NotSignedIn(Amiss.TIME)
    if not now - OLDEST - SKEW <= signed <= now + SKEW or until <= now - SKEW or begins > now + SKEW:
        raise NotSignedIn(Amiss.TIME)


def _moment(seconds: object) -> datetime | None:
    if not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _text(claims: Claims, name: str) -> str:
    """A claim that names something; empty where it is missing, or nothing that names."""
    found = claims.get(name)
    return found if isinstance(found, str) and 0 < len(found) <= LONGEST_SUBJECT else ""


def _same(one: str, other: str) -> bool:
    # As bytes, since of text it takes ASCII alone.
    return hmac.compare_digest(one.encode(), other.encode())
