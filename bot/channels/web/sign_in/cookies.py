"""The cookies of the way in: one for the way there and back, one for who is signed in. Each is for this site alone."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from aiohttp import web

from bot.sign_in.trips import LONGEST

LONGEST_VALUE = 128


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that no script reads and no other host sets (`__Host-`); sent over TLS alone."""

    name: str
    lasts: timedelta
    same_site: Literal["Lax", "Strict"]

    def read(self, request: web.Request) -> str:
        """What the browser sent; empty where that is nothing of ours."""
        value = request.cookies.get(self.name, "")
        return value if len(value) <= LONGEST_VALUE else ""

    def write(self, response: web.StreamResponse, value: str) -> None:
        """Let the browser keep it."""
        self._set(response, value, seconds=int(self.lasts.total_seconds()))

    def take_away(self, response: web.StreamResponse) -> None:
        """Let the browser forget it."""
        self._set(response, "", seconds=0)

    def _set(self, response: web.StreamResponse, value: str, *, seconds: int) -> None:
        response.set_cookie(
            self.name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite=self.same_site
        )


SIGNED_IN = Cookie("__Host-s", timedelta(hours=12), "Strict")
"""Who is signed in. Another site's link does not bring it along."""

ON_THE_WAY = Cookie("__Host-o", LONGEST, "Lax")
"""The way to the sign-in and back; a Strict one would not come back from there."""
