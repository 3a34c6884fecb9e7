"""Verification of the provider's signed tokens, claim by claim: ID tokens of people who sign in, and logout tokens."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry, extract_compact

from bot.sign_in.provider import Amiss, NotSignedIn, Provider
from dialogs.core.role import GIVEN, ROWS, Role

ALGORITHMS = ("RS256", "PS256", "ES256")
"""The accepted signature algorithms. Unlike `none` and shared secrets, they need a private key, which only the provider has."""

SKEW = timedelta(seconds=60)  # the maximum difference between the provider's clock and the bot's
OLDEST = timedelta(minutes=10)  # the maximum age of a token
LONGEST_SUBJECT = 255
LEFT = "http://schemas.openid.net/event/backchannel-logout"

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person who signed in: their subject, their session at the provider (`sid`), and all claims of their ID token."""

    subject: str = field(repr=False)
    sid: str = field(repr=False)
    claims: Claims = field(repr=False)


@dataclass(frozen=True, slots=True)
class Departure:
    """A sign-off, either of one session at the provider (`sid`) or of all that a subject has. `jti` is the token's id, used once."""

    jti: str = field(repr=False)
    subject: str = field(repr=False)
    sid: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Verifies the tokens that one provider has signed for one client."""

    provider: Provider
    client: str

    async def arrival(self, token: str, now: datetime, *, nonce: str, fresh_since: datetime | None) -> Arrival:
        """Return the person in an ID token. Raise `NotSignedIn` if the signature or a claim is wrong.

        With `fresh_since`, the person must have authenticated at the provider since then.
        """
        claims = await self._claims(token, now)
        given = claims.get("nonce")
        # As bytes, since `compare_digest` accepts only ASCII as text.
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
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
        """Return the sign-off in a logout token. Raise `NotSignedIn` if it is any other token, such as an ID token."""
        claims = await self._claims(token, now)
        _demand_time(claims, now)
        events = claims.get("events")
        is_event = isinstance(events, dict) and isinstance(events.get(LEFT), dict)
        jti, subject, sid = (_text(claims, name) for name in ("jti", "sub", "sid"))
        if not is_event or "nonce" in claims or not jti or not (subject or sid):
            raise NotSignedIn(Amiss.NO_SIGN_OFF)
        return Departure(jti, subject, sid)

    async def _claims(self, token: str, now: datetime) -> Claims:
        """Return the claims of a token. Raise `NotSignedIn` unless this provider has signed it for this client."""
        try:
            kid = extract_compact(token.encode()).headers().get("kid")
            key = await self.provider.key(kid if isinstance(kid, str) else None)
            if key is None:
                raise NotSignedIn(Amiss.SIGNATURE)
            # Unknown words in the header are ignored, as RFC 7515 says; those that `crit` names are still checked.
            registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
            claims = jwt.decode(token, key, algorithms=ALGORITHMS, registry=registry).claims
        # The header is parsed before the signature is checked, so anybody can nest its JSON too deep for the parser.
        except (JoseError, ValueError, TypeError, RecursionError):
            raise NotSignedIn(Amiss.SIGNATURE) from None
        if claims.get("iss") != self.provider.issuer:
            raise NotSignedIn(Amiss.ISSUER)
        given = claims.get("aud")
        audience = given if isinstance(given, list) else [given]
        # A token for several audiences must name the client that it was issued to (OpenID Connect Core, 3.1.3.7).
        # Otherwise the token of another client that also lists this one would count here.
        party = claims.get("azp", self.client if len(audience) == 1 else None)
        if self.client not in audience or party != self.client:
            raise NotSignedIn(Amiss.AUDIENCE)
        return claims


def _demand_time(claims: Claims, now: datetime) -> None:
    """Raise `NotSignedIn` unless the token was signed at most `OLDEST` ago and is still valid."""
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
    """Return a claim that is an identifier, or an empty string if it is missing, too long or not a string."""
    value = claims.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_SUBJECT else ""


BY_RANK = sorted(GIVEN, key=lambda role: ROWS[role].rank)
"""The roles that a group can give, the first of which wins. No group can make somebody an administrator."""


@dataclass(frozen=True, slots=True)
class RolesByClaim:
    """The claim that lists a person's groups, and the role that each group gives. Without groups, people need an invitation."""

    claim: str
    groups: Mapping[str, Role]

    def role_in(self, claims: Claims) -> Role | None:
        """Return the role that the groups in these claims give, the first in `BY_RANK` if several, or None."""
        value = claims.get(self.claim)
        named = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        roles = {self.groups[group] for group in named if isinstance(group, str) and group in self.groups}
        return next((role for role in BY_RANK if role in roles), None)
