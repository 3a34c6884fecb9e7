"""The bot as a client of the provider: it sends a browser to the sign-in, and checks what the browser brings back.

The state of a trip to the provider and back is derived from one cookie and a secret that all copies of the program
share, so that a trip may begin at one copy and end at another. Nothing is stored, so nobody can fill the memory.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import quote_plus, urlencode

from bot.runtime.clock import Clock
from bot.runtime.errors import SettingsFault
from bot.sign_in.provider import Amiss, Discovered, Fetching, NotSignedIn, Provider, ProviderFault, host_of
from bot.sign_in.tokens import SKEW, Arrival, Departure, Tokens

LONGEST = timedelta(minutes=10)  # the maximum duration of a trip to the provider and back
RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip of a browser to the provider and back: its cookie, and the values that are derived from that."""

    cookie: str = field(repr=False)
    begun: datetime
    secret: bytes = field(repr=False)

    @property
    def state(self) -> str:
        """The value that the browser has to bring back. It matches only if the browser has this trip's cookie."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """The value that the ID token must contain, so that tokens issued for other trips are refused."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """The secret (PKCE) that proves that the code is redeemed by the bot that began the trip."""
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        """The hash of `verifier`, which the provider gets when the trip begins."""
        return _plain(hashlib.sha256(self.verifier.encode()).digest())

    def _derived(self, purpose: str) -> str:
        return _plain(hmac.digest(self.secret, f"{purpose}\0{self.cookie}".encode(), "sha256"))


def _plain(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


OF_THE_CLIENT = ("invalid_client", "unauthorized_client")  # errors about the client, not the person (RFC 6749, 5.2)


@dataclass(frozen=True, slots=True)
class Client:
    """The bot's registration at the provider."""

    id: str
    secret: str = field(repr=False)
    returns_to: str  # the address of the bot to which the provider sends people back, as it is registered
    left_to: str  # the address to which people return after they have signed out of the provider
    is_fresh: bool = False  # True if people must authenticate each time, even during a session at the provider


class SigningIn:
    """The bot's side of a sign-in: it sends browsers to the provider, and checks what they bring back."""

    def __init__(self, provider: Provider, fetching: Fetching, client: Client, *, clock: Clock) -> None:
        self._provider, self._fetching, self._client = provider, fetching, client
        self._clock = clock
        self._tokens = Tokens(provider, client.id)

    async def begin(self, secret: bytes) -> tuple[str, Trip]:
        """Return the address at the provider to which the browser is sent, and the trip that begins."""
        facts, begun = await self._provider.facts(), self._clock.now().replace(microsecond=0)
        trip = Trip(f"{int(begun.timestamp())}.{secrets.token_urlsafe(RANDOM_BYTES)}", begun, secret)
        fields = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": self._client.returns_to,
            "scope": "openid",  # neither a name nor a mail address is asked for
            "state": trip.state,
            "nonce": trip.nonce,
            "code_challenge": trip.challenge,
            "code_challenge_method": "S256",
        }
        fresh = {"prompt": "login", "max_age": "0"} if self._client.is_fresh else {}
        return _with_query(facts.authorization, fields | fresh), trip

    async def finish(self, cookie: str, query: Mapping[str, str], *, secret: bytes) -> Arrival:
        """Redeem the code that a browser brought back, and return who signed in. `secret` is that of `begin`.

        Raise `NotSignedIn` if the sign-in is refused, `ProviderFault` if the provider fails, and `SettingsFault` if it
        refuses the bot itself, so that nobody can sign in.
        """
        trip = self._returned(cookie, query.get("state", ""), secret=secret)
        facts = await self._provider.facts()
        # A provider that names itself must do so here: a code of another provider must not pass for its own (RFC 9207).
        if query.get("iss", None if facts.names_itself else facts.issuer) != facts.issuer:
            raise NotSignedIn(Amiss.ISSUER)
        if "error" in query:
            raise NotSignedIn(Amiss.SAID_NO)
        if not query.get("code"):
            raise NotSignedIn(Amiss.NO_CODE)
        token = await self._redeemed(facts, trip, code=query["code"])
        since = trip.begun if self._client.is_fresh else None
        return await self._tokens.arrival(token, self._clock.now(), nonce=trip.nonce, fresh_since=since)

    def _returned(self, cookie: str, state: str, *, secret: bytes) -> Trip:
        """Return the trip of this cookie and state. Raise `NotSignedIn` if it was not begun by this bot, or too long ago."""
        seconds, _, nonce = cookie.partition(".")
        # The cookie is not verified yet: `fromtimestamp` fails on a year past 9999, which takes twelve digits.
        if not (seconds.isascii() and seconds.isdecimal() and len(seconds) < 12 and nonce):
            raise NotSignedIn(Amiss.NOT_BEGUN)
        trip = Trip(cookie, datetime.fromtimestamp(int(seconds), UTC), secret)
        if not hmac.compare_digest(trip.state.encode(), state.encode(errors="replace")):
            raise NotSignedIn(Amiss.STATE)
        # The clock of the copy that began the trip may be a little fast.
        if not -SKEW < self._clock.now() - trip.begun <= LONGEST:
            raise NotSignedIn(Amiss.NOT_BEGUN)
        return trip

    async def departed(self, token: str) -> Departure:
        """Return the sign-off that a logout token reports. Raise `NotSignedIn` if the token is not valid."""
        return await self._tokens.departure(token, self._clock.now())

    async def leaving(self) -> str:
        """Return the address by which a person also signs out of the provider, or an empty text if it offers none."""
        facts = await self._provider.facts()
        fields = {"client_id": self._client.id, "post_logout_redirect_uri": self._client.left_to}
        return _with_query(facts.end_session, fields) if facts.end_session else ""

    async def _redeemed(self, facts: Discovered, trip: Trip, *, code: str) -> str:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.returns_to,
            "client_id": self._client.id,
            "code_verifier": trip.verifier,
        }
        header = None
        if self._client.secret and facts.has_basic:
            # Both are first encoded as in a form (RFC 6749, 2.3.1).
            pair = f"{quote_plus(self._client.id)}:{quote_plus(self._client.secret)}"
            header = f"Basic {base64.b64encode(pair.encode()).decode()}"
        elif self._client.secret:
            fields["client_secret"] = self._client.secret
        status, answer = await self._fetching.post(facts.token, fields, secret=header)
        error = answer.get("error")
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            if error not in OF_THE_CLIENT:
                raise NotSignedIn(Amiss.CODE)
            raise SettingsFault(
                f"{host_of(facts.token)} refuses this bot ({error}). See whether SERAF_OIDC_CLIENT and SERAF_OIDC_SECRET are "
                "what stands there, and whether the secret has run out."
            )
        token = answer.get("id_token")
        if status != HTTPStatus.OK or not isinstance(token, str):
            raise ProviderFault(f"The organisation's sign-in answered {status}, without an ID token.")
        return token


def _with_query(address: str, fields: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(fields)}"
