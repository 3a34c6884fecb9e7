"""An organisation's OpenID Connect provider: its configuration and keys, the connection to it, and why a sign-in is refused."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from bot.runtime.addresses import is_address, is_this_machine
from bot.runtime.clock import Clock
from bot.runtime.errors import PassingFault


class Amiss(StrEnum):
    """The reasons for refusing a sign-in or a sign-off, as the log gives them. None quotes a token or a name."""

    NOT_BEGUN = "not begun in this browser, or too long ago"
    STATE = "state"
    SAID_NO = "the organisation's sign-in said no"
    NO_CODE = "no code"
    CODE = "code refused"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    TIME = "time"
    NONCE = "nonce"
    SUBJECT = "subject"
    NOT_FRESH = "not signed in anew"
    NO_SIGN_OFF = "no sign-off"


class NotSignedIn(Exception):
    """Raised if a sign-in or a sign-off is refused. The person can begin again."""

    def __init__(self, why: Amiss) -> None:
        super().__init__(str(why))
        self.why = why


class ProviderFault(PassingFault):
    """Raised if the provider cannot be reached or its answer breaks OpenID Connect. The message says which of the two."""


LONGEST_ANSWER = 256 * 1024  # the maximum length of an answer in bytes

Answer = Mapping[str, Any]


def is_private(address: object) -> bool:
    """Return True if nobody can read on the way what is sent to this address, since it uses TLS or is on this machine."""
    if not isinstance(address, str) or not is_address(address):
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" or is_this_machine(str(parts.hostname))


def host_of(address: str) -> str:
    """Return words for the provider that name only its host, because the rest of its address may be secret."""
    return f"The organisation's sign-in at {urlsplit(address).hostname}"


class Fetching:
    """HTTP calls to the provider, during an `async with` block. They do not follow redirects, and limit the length of answers."""

    def __init__(self, trusted: ssl.SSLContext | bool = True, proxy: str | None = None) -> None:
        self._trusted, self._proxy = trusted, proxy
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=20, ssl=self._trusted),
            timeout=aiohttp.ClientTimeout(total=10.0),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # or a short answer could become a long one
            headers={"Accept-Encoding": "identity", "Accept": "application/json"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        assert self._session is not None, "closed before it was opened"
        await self._session.close()

    async def get(self, address: str) -> Answer:
        """Return the JSON object at this address. Raise `ProviderFault` if there is no answer or it is anything else."""
        status, answer = await self._ask("GET", address)
        if status != HTTPStatus.OK:
            raise ProviderFault(f"{host_of(address)} answered {status}.")
        return answer

    async def post(self, address: str, fields: Mapping[str, str], *, secret: str | None) -> tuple[int, Answer]:
        """Post these form fields. Return the status and the JSON object. `secret` is the `Authorization` header, or None."""
        return await self._ask("POST", address, data=dict(fields), headers={"Authorization": secret} if secret else {})

    async def _ask(self, method: str, address: str, **options: Any) -> tuple[int, Answer]:
        assert self._session is not None, "it is asked within `async with`"
        parts = urlsplit(address)
        # An address without TLS is on this machine (`is_private`), where no proxy is needed.
        proxy = self._proxy if parts.scheme == "https" and not proxy_bypass(parts.netloc) else None
        body = bytearray()
        try:
            async with self._session.request(
                method, address, allow_redirects=False, proxy=proxy, **options
            ) as response:
                async for part in response.content.iter_any():
                    body += part
                    if len(body) > LONGEST_ANSWER:
                        raise ProviderFault(f"{host_of(address)} answered with over {LONGEST_ANSWER:,} bytes.")
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise ProviderFault(f"{host_of(address)} was not reached ({type(error).__name__}).") from None
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise ProviderFault(f"{host_of(address)} did not answer in JSON.")
        return response.status, answer


KEPT = timedelta(hours=1)
"""For how long the provider's configuration and keys are cached, which is also how long a withdrawn key is still accepted."""

AGAIN = timedelta(seconds=10)  # minimum time between two fetches of the keys, however many tokens have unknown ones

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=1)
"""The first and the longest pause after the configuration could not be fetched. Each pause is twice as long as the last."""

EVER = datetime(1970, 1, 1, tzinfo=UTC)

PublicKey = RSAKey | ECKey  # keys of which one half is public, never a secret that both sides know


@dataclass(frozen=True, slots=True)
class Discovered:
    """The provider's configuration: its addresses (endpoints) and the options that it supports."""

    issuer: str
    authorization: str
    token: str
    jwks: str
    end_session: str = ""
    has_basic: bool = True  # True if the client's secret is sent in a header, False if in a field next to the code
    names_itself: bool = False  # True if the provider sends its issuer (`iss`) back with every code


class Provider:
    """An OpenID Connect provider, identified by its issuer. Its configuration and keys are cached for `KEPT`."""

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
        """Return the provider's configuration. Raise `ProviderFault` if its issuer differs or an endpoint has no TLS.

        After a failure, the same fault is raised, without another try, until a pause is over.
        """
        async with self._discovering:
            now = self._clock.now()
            if self._facts is not None and abs(now - self._facts[1]) < KEPT:
                return self._facts[0]
            if abs(now - self._failed_at) < self._pause:
                raise ProviderFault(self._fault)
            address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            try:
                facts = _read(await self._fetching.get(address), self.issuer)
            except ProviderFault as fault:
                self._failed_at, self._fault = self._clock.now(), str(fault)
                self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
                raise
            self._pause = timedelta()
            self._facts = facts, now
            return facts

    async def key(self, kid: str | None) -> PublicKey | None:
        """Return the key with this id, or None. If the id is unknown, the keys are fetched again, but at most once in `AGAIN`."""
        async with self._one_at_a_time:
            now = self._clock.now()
            # `abs`, or after the clock was set back the cached keys would count for that much longer.
            if abs(now - self._fetched_at) >= KEPT:
                self._keys = None
            key = None if self._keys is None else _chosen(self._keys, kid)
            if key is None and abs(now - self._tried_at) >= AGAIN:
                # Set before the fetch: a provider that fails is not asked again by every token that arrives.
                self._tried_at = now
                fetched = (await self._fetching.get((await self.facts()).jwks)).get("keys")
                self._keys = _readable(fetched) if isinstance(fetched, list) else ()
                self._fetched_at = now
                key = _chosen(self._keys, kid)
            if self._keys is None:
                raise ProviderFault(f"{host_of(self.issuer)} did not give its keys a moment ago.")
            return key


def _readable(fetched: list[object]) -> tuple[PublicKey, ...]:
    """Return those of the keys that are RSA or EC keys and can be read."""
    kinds: dict[object, type[PublicKey]] = {"RSA": RSAKey, "EC": ECKey}
    keys: list[PublicKey] = []
    for key in fetched:
        if isinstance(key, dict) and key.get("kty") in kinds:
            with suppress(JoseError, ValueError, TypeError, KeyError):
                keys.append(kinds[key["kty"]].import_key(key))
    return tuple(keys)


def _chosen(keys: tuple[PublicKey, ...], kid: str | None) -> PublicKey | None:
    """Return the key with this id, or None. If the token has no id, return the provider's key, provided that it has only one."""
    candidates = [key for key in keys if kid is None or key.kid == kid]
    return candidates[0] if len(candidates) == 1 else None


def _read(answer: Answer, issuer: str) -> Discovered:
    if answer.get("issuer") != issuer:
        raise ProviderFault(
            f"{host_of(issuer)} calls itself otherwise than SERAF_OIDC_ISSUER does. Copy its issuer to the letter, with its"
            " slash at the end where it has one, and of one tenant alone."
        )
    places = {name: answer.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if wrong := [name for name, place in places.items() if not is_private(place)]:
        raise ProviderFault(f"{host_of(issuer)} names no address with https:// for {', '.join(wrong)}.")
    leaving = answer.get("end_session_endpoint")
    # The default is a header (OpenID Connect Discovery, 3).
    methods = answer.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Discovered(
        issuer,
        authorization=str(places["authorization_endpoint"]),
        token=str(places["token_endpoint"]),
        jwks=str(places["jwks_uri"]),
        end_session=str(leaving) if is_private(leaving) else "",
        has_basic=isinstance(methods, list) and "client_secret_basic" in methods,
        names_itself=answer.get("authorization_response_iss_parameter_supported") is True,
    )
