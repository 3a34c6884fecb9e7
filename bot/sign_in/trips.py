"""A browser's way to the organisation's sign-in and back: what it takes along, so that it alone can come back, once begun here.

All of it follows from one cookie and a secret of this process. Nothing is kept, so that nobody can fill a memory by going.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.sign_in.refusals import Amiss, NotSignedIn

LONGEST = timedelta(minutes=10)
"""How long somebody may be on the way."""

RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Trip:
    """One way there and back: its cookie, and what follows from that."""

    cookie: str = field(repr=False)
    begun: datetime
    secret: bytes = field(repr=False)

    @property
    def state(self) -> str:
        """What comes back with the browser, and only with the one that has the cookie."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What stands in the token, so that no other token counts."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What proves that the code is redeemed by the one who asked for it (PKCE)."""
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        """The hash of the verifier, which goes ahead."""
        return _plain(hashlib.sha256(self.verifier.encode()).digest())

    def _derived(self, purpose: str) -> str:
        return _plain(hmac.digest(self.secret, f"{purpose}\0{self.cookie}".encode(), "sha256"))


@dataclass(frozen=True, slots=True)
class Trips:
    """Begins ways to the sign-in, and knows them again; those of another process it does not."""

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(RANDOM_BYTES), repr=False)

    def begin(self, now: datetime) -> Trip:
        """A new one."""
        begun = now.replace(microsecond=0)
        cookie = f"{int(begun.timestamp())}.{secrets.token_urlsafe(RANDOM_BYTES)}"
        return Trip(cookie, begun, self.secret)

    def back(self, cookie: str, now: datetime, *, state: str) -> Trip:
        """The one that this cookie and this state are of; `NotSignedIn` where it was not begun here, or too long ago."""
        seconds, _, nonce = cookie.partition(".")
        # Nothing is proven yet: of twelve digits `fromtimestamp` could fail, as of any year past 9999.
        if not (seconds.isascii() and seconds.isdecimal() and len(seconds) < 12 and nonce):
            raise NotSignedIn(Amiss.NOT_BEGUN)
        trip = Trip(cookie, datetime.fromtimestamp(int(seconds), UTC), self.secret)
        if not hmac.compare_digest(trip.state.encode(), state.encode(errors="replace")):
            raise NotSignedIn(Amiss.STATE)
        if not timedelta(0) <= now - trip.begun <= LONGEST:
            raise NotSignedIn(Amiss.NOT_BEGUN)
        return trip


def _plain(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
