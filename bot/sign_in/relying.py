"""The bot's side of the organisation's sign-in: where a browser is sent, and who came back with it."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote_plus, urlencode

from bot.runtime.clock import Clock
from bot.runtime.errors import SettingsFault
from bot.sign_in.fetching import Answer, Fetching, host_of
from bot.sign_in.provider import Discovered, Provider
from bot.sign_in.refusals import Amiss, NotSignedIn, ProviderFault
from bot.sign_in.tokens import Arrival, Departure, Tokens
from bot.sign_in.trips import Trip, Trips

SCOPE = "openid"
"""All that is asked for: who it is. No name, no mail address."""

OF_THE_CLIENT = ("invalid_client", "unauthorized_client")
"""What is said of a client that is not known, or may not do this, whoever signs in (RFC 6749, 5.2)."""


@dataclass(frozen=True, slots=True)
class Client:
    """What the organisation's sign-in knows this bot as, and where people come back to."""

    id: str
    secret: str = field(repr=False)
    returns_to: str
    """The address of our own callback, as it was written down there."""
    left_to: str
    """Where people stand after they signed out there as well."""
    is_fresh: bool = False
    """Whether everybody has to sign in anew, even where the organisation's sign-in knows them still."""


class SigningIn:
    """Sends browsers to the organisation's sign-in, and checks what they come back with."""

    def __init__(self, provider: Provider, fetching: Fetching, client: Client, *, clock: Clock) -> None:
        self._provider, self._fetching, self._client = provider, fetching, client
        self._clock = clock
        self._trips = Trips()
        self._tokens = Tokens(provider, client.id)

    async def begin(self) -> tuple[str, Trip]:
        """Where the browser is sent, and the way that it takes."""
        facts, trip = await self._provider.facts(), self._trips.begin(self._clock.now())
        asked = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": self._client.returns_to,
            "scope": SCOPE,
            "state": trip.state,
            "nonce": trip.nonce,
            "code_challenge": trip.challenge,
            "code_challenge_method": "S256",
        }
        fresh = {"prompt": "login", "max_age": "0"} if self._client.is_fresh else {}
        return _with_query(facts.authorization, asked | fresh), trip

    async def finish(self, cookie: str, query: Mapping[str, str]) -> Arrival:
        """Who came back. `NotSignedIn` says why nobody did; `ProviderFault` that it could not be found out.

        `SettingsFault` says that the organisation's sign-in refuses the bot itself, so that nobody can.
        """
        trip = self._trips.back(cookie, self._clock.now(), state=query.get("state", ""))
        facts = await self._provider.facts()
        # A sign-in that says that it names itself has to: a code of another sign-in must not pass for one of this (RFC 9207).
        if query.get("iss", None if facts.names_itself else facts.issuer) != facts.issuer:
            raise NotSignedIn(Amiss.ISSUER)
        if "error" in query:
            raise NotSignedIn(Amiss.SAID_NO)
        if not query.get("code"):
            raise NotSignedIn(Amiss.NO_CODE)
        token = await self._redeemed(facts, trip, code=query["code"])
        since = trip.begun if self._client.is_fresh else None
        return await self._tokens.arrival(token, self._clock.now(), nonce=trip.nonce, fresh_since=since)

    async def departed(self, token: str) -> Departure:
        """Who left, by a logout token. `NotSignedIn` says why it does not count."""
        return await self._tokens.departure(token, self._clock.now())

    async def leaving(self) -> str:
        """Where somebody signs out of the organisation's sign-in as well; empty where it names no such place."""
        facts = await self._provider.facts()
        asked = {"client_id": self._client.id, "post_logout_redirect_uri": self._client.left_to}
        return _with_query(facts.end_session, asked) if facts.end_session else ""

    async def _redeemed(self, facts: Discovered, trip: Trip, *, code: str) -> str:
        """The ID token that a code is redeemed for."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.returns_to,
            "client_id": self._client.id,
            "code_verifier": trip.verifier,
        }
        header = None
        if self._client.secret and facts.has_basic:
            # Both are encoded as in a form first (RFC 6749, 2.3.1).
            pair = f"{quote_plus(self._client.id)}:{quote_plus(self._client.secret)}"
            header = f"Basic {base64.b64encode(pair.encode()).decode()}"
        elif self._client.secret:
            fields["client_secret"] = self._client.secret
        status, answer = await self._fetching.post(facts.token, fields, secret=header)
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _refused(answer, host_of(facts.token))
        token = answer.get("id_token")
        if status != HTTPStatus.OK or not isinstance(token, str):
            raise ProviderFault(f"The organisation's sign-in answered {status}, without an ID token.")
        return token


def _refused(answer: Answer, host: str) -> NotSignedIn | SettingsFault:
    """Whose fault it is that a code was not redeemed: the code's, or that of the settings, which no other code would help."""
    error = answer.get("error")
    if error not in OF_THE_CLIENT:
        return NotSignedIn(Amiss.CODE)
    return SettingsFault(
        f"{host} refuses this bot ({error}). See whether SERAF_OIDC_CLIENT and SERAF_OIDC_SECRET are what stands there, "
        "and whether the secret has run out."
    )


def _with_query(address: str, fields: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(fields)}"
