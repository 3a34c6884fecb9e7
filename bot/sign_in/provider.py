"""What the organisation's sign-in says of itself: where people go, where codes are redeemed, and with which keys it signs."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from bot.runtime.clock import Clock
from bot.sign_in.fetching import Answer, Fetching, host_of, is_private
from bot.sign_in.refusals import ProviderFault

KEPT = timedelta(hours=1)
"""How long what it says of itself counts; a key that it has withdrawn signs nobody in after that."""

AGAIN = timedelta(seconds=10)
"""How soon its keys are fetched again at most, however many tokens come whose key is not known."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=1)
"""How long it is not asked again what it says of itself once it failed; the pause doubles. Anybody can have us ask."""

EVER = datetime(1970, 1, 1, tzinfo=UTC)

PublicKey = RSAKey | ECKey
"""Kinds of keys that sign and of which we need the public half alone; never a secret that both sides have."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """The addresses that it names, and how it wants to be asked."""

    issuer: str
    authorization: str
    token: str
    jwks: str
    end_session: str = ""
    has_basic: bool = True
    """Whether it takes the client's secret in a header; else it stands beside the code."""
    names_itself: bool = False
    """Whether it says with each code which sign-in it is."""


class Provider:
    """One organisation's sign-in, known by its issuer. It is asked again when what it said is old."""

    def __init__(self, issuer: str, fetching: Fetching, clock: Clock) -> None:
        self.issuer = issuer
        self._fetching = fetching
        self._clock = clock
        self._facts: tuple[Discovered, datetime] | None = None
        self._keys: tuple[PublicKey, ...] | None = None
        self._fetched_at = self._tried_at = EVER
        self._one_at_a_time = asyncio.Lock()
        self._failed_at, self._pause, self._fault = EVER, timedelta(), ""
        self._discovering = asyncio.Lock()

    async def facts(self) -> Discovered:
        """What it says of itself; `ProviderFault` where it is not the one that was set, or names an address without TLS.

        One that failed is not asked again before a pause is over: whoever comes meanwhile meets the same fault at once.
        """
        async with self._discovering:
            now = self._clock.now()
            if self._facts is None or abs(now - self._facts[1]) >= KEPT:
                if abs(now - self._failed_at) < self._pause:
                    raise ProviderFault(self._fault)
                self._facts = await self._discovered(), now
            return self._facts[0]

    async def _discovered(self) -> Discovered:
        try:
            found = _read(
                await self._fetching.get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"), self.issuer
            )
        except ProviderFault as fault:
            self._failed_at, self._fault = self._clock.now(), str(fault)
            self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
            raise
        self._pause = timedelta()
        return found

    async def key(self, kid: str | None) -> PublicKey | None:
        """Its key of this name; fetched anew where there is none, though not too often. None where it has none then."""
        async with self._one_at_a_time:
            now = self._clock.now()
            # `abs`: else keys that were fetched before the clock was set back would count for that much longer.
            if abs(now - self._fetched_at) >= KEPT:
                self._keys = None
            found = None if self._keys is None else _chosen(self._keys, kid)
            if found is None and abs(now - self._tried_at) >= AGAIN:
                # Before it is known how it went: a sign-in that fails is not asked again by each token that comes.
                self._tried_at = now
                self._keys, self._fetched_at = await self._fetched(), now
                found = _chosen(self._keys, kid)
            if self._keys is None:
                raise ProviderFault(f"{host_of(self.issuer)} did not give its keys a moment ago.")
            return found

    async def _fetched(self) -> tuple[PublicKey, ...]:
        keys = (await self._fetching.get((await self.facts()).jwks)).get("keys")
        return tuple(chain.from_iterable(map(_signing, keys))) if isinstance(keys, list) else ()


def _signing(key: object) -> Iterator[PublicKey]:
    """The key, where it can be read. Another one is no reason to refuse them all; one for encryption checks nothing."""
    kinds: dict[object, type[PublicKey]] = {"RSA": RSAKey, "EC": ECKey}
    if isinstance(key, dict) and key.get("kty") in kinds:
        with suppress(JoseError, ValueError, TypeError, KeyError):
            yield kinds[key["kty"]].import_key(key)


def _chosen(keys: tuple[PublicKey, ...], kid: str | None) -> PublicKey | None:
    """The key of this name; a token without one names the only key that there is."""
    called = [key for key in keys if kid is None or key.kid == kid]
    return called[0] if len(called) == 1 else None


def _read(found: Answer, issuer: str) -> Discovered:
    if found.get("issuer") != issuer:
        raise ProviderFault(
            f"{host_of(issuer)} calls itself otherwise than SERAF_OIDC_ISSUER does. Copy its issuer to the letter, with its"
            " slash at the end where it has one, and of one tenant alone."
        )
    places = {name: found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if wrong := [name for name, place in places.items() if not is_private(place)]:
        raise ProviderFault(f"{host_of(issuer)} names no address with https:// for {', '.join(wrong)}.")
    leaving = found.get("end_session_endpoint")
    # Where it says nothing, a header is what it takes (OpenID Connect Discovery, 3).
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Discovered(
        issuer,
        authorization=str(places["authorization_endpoint"]),
        token=str(places["token_endpoint"]),
        jwks=str(places["jwks_uri"]),
        end_session=str(leaving) if is_private(leaving) else "",
        has_basic=isinstance(methods, list) and "client_secret_basic" in methods,
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )
