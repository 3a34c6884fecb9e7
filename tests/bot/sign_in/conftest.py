"""Fixtures of the sign-in tests: a fake provider, a clock that tests can move, and the bot's side of the sign-in."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.sign_in.provider import Amiss, Fetching, NotSignedIn, Provider
from bot.sign_in.relying import Client, SigningIn
from bot.sign_in.tokens import Arrival
from tests.fakes.openid.provider import CLIENT, SECRET, FakeProvider

TRIPS = b"the same at every copy"
OURS = Client(CLIENT, SECRET, "https://seraf.example/callback", "https://seraf.example/")


class Hand:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def wait(self, **for_how_long: float) -> None:
        self.at += timedelta(**for_how_long)


@dataclass(slots=True)
class Visit:
    there: FakeProvider
    clock: Hand
    fetching: Fetching
    here: SigningIn

    async def come(self) -> Arrival:
        address, trip = await self.here.begin(TRIPS)
        return await self.here.finish(trip.cookie, await self.there.let_in(address), secret=TRIPS)

    def anew(self, client: Client = OURS) -> None:
        self.here = SigningIn(
            Provider(self.there.issuer, self.fetching, self.clock), self.fetching, client, clock=self.clock
        )

    def asking_for_fresh(self) -> None:
        self.anew(replace(OURS, is_fresh=True))


async def refusal(coming: Awaitable[object]) -> Amiss | None:
    try:
        await coming
    except NotSignedIn as error:
        return error.why
    return None


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    clock = Hand()
    async with FakeProvider(clock) as there, Fetching() as fetching:
        made = Visit(
            there, clock, fetching, SigningIn(Provider(there.issuer, fetching, clock), fetching, OURS, clock=clock)
        )
        yield made
