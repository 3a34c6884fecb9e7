"""Who a request comes from: the seam behind which people sign in, or take a seat in a room."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from bot.channels.web import FACTS
from bot.runtime.person_id import PersonId


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person of the web channel as the store names them, and the session by which their browser is known.

    What is said in passing belongs to the session; forms are bound to both.
    """

    person: str = field(repr=False)
    session: str = field(repr=False)

    def __post_init__(self) -> None:
        if PersonId.read(self.person).channel != FACTS.name:
            raise ValueError("a visitor is a person of the web channel")


class Identity(Protocol):
    """Tells who a request comes from. It changes nothing, so that it may be asked as often as one likes."""

    async def visitor(self, request: web.Request) -> Visitor | None:
        """Who it comes from; None for somebody who is not known, or not any more."""
        ...


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""What answers a request."""


class Nobody:
    """Nobody is known: there is no way to sign in."""

    async def visitor(self, request: web.Request) -> Visitor | None:
        """Nobody."""
        return None
