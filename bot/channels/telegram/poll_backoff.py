"""How long to go on asking Telegram after a failure, and when to give way to another bot that polls with the same token."""

import asyncio
import secrets
from datetime import datetime, timedelta

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.telegram.reaching.unreached import named
from bot.runtime.backoff import Backoff
from bot.runtime.clock import Clock
from bot.runtime.errors import SettingsFault, TokenShared
from bot.runtime.logs import FaultLog, log
from bot.watch.meter import meter

AGAIN = 1.0
"""Seconds until the next poll after a conflict: soon, so that a newcomer learns that somebody is there."""

FOLLOWS = timedelta(seconds=15)
"""Within so long of each other conflicts are those of one bot that goes on polling. A newcomer leaves more time between its polls."""

CONFLICTS_LAST, MOST_LOTS = timedelta(seconds=30), 15
"""For so long such conflicts are borne, and up to so many seconds more, drawn at random: of two that came back at the same moment one
is to give way first."""

NEWCOMERS_LAST = timedelta(seconds=10)
"""The same for a bot that was a newcomer in this run: the other one may have come back."""

ESTABLISHED = timedelta(minutes=1)
"""A bot that was answered for so long before the first conflict goes on: the later one is to give way."""

SILENCE = timedelta(minutes=2)
"""After so long without an answer another bot may have taken over, and nothing is established any more."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0
"""Seconds between tries while Telegram cannot be reached."""

LONGEST_REFUSAL = 60.0
"""Seconds between tries while Telegram refuses a token that it has accepted before."""


def token_refused() -> SettingsFault:
    """What to do about a token that Telegram does not know."""
    return SettingsFault("SERAF_TELEGRAM_TOKEN: Telegram refuses this token; copy it again from @BotFather")


def another_polls() -> TokenShared:
    """What to do about another program with the same token."""
    return TokenShared(
        "Another program polls with this token, or has set a webhook. Stop the one that should not run. If you know of no other,"
        " the token may have been leaked. The one that came later touches nothing, and asks again within the hour"
    )


class TokenRefusals:
    """Waits while Telegram refuses a token that it has accepted before, so that it may accept it again; the log and monitors have it."""

    def __init__(self) -> None:
        self._backoff, self._faults = Backoff(FIRST_WAIT, LONGEST_REFUSAL), FaultLog("Telegram refuses the token")

    async def wait(self) -> None:
        """Wait before the next try."""
        meter().knows_token(False)
        self._faults.note(token_refused())
        await self._backoff.wait()

    def over(self) -> None:
        """It is accepted."""
        self._backoff.reset()
        self._faults.over()


class PollBackoff:
    """Waits after one failure and the next, and gives way where another bot was there first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._backoff, self._refusals = Backoff(FIRST_WAIT, LONGEST_WAIT), TokenRefusals()
        self._bears = CONFLICTS_LAST + timedelta(seconds=secrets.randbelow(MOST_LOTS))
        self._answered: datetime | None = None
        self._latest: datetime | None = None
        self._conflicts: tuple[datetime, datetime] | None = None
        self._others = FaultLog("another program polls with this token")

    def begin_as_newcomer(self) -> None:
        """Forget what was established."""
        self._bears, self._answered, self._conflicts = NEWCOMERS_LAST, None, None

    def reset(self) -> None:
        """Begin with the first wait again. Conflicts are remembered, since two bots may each get an answer now and then."""
        self._backoff.reset()
        self._refusals.over()
        now = self._clock.now()
        if self._answered is None or self._latest is None or abs(now - self._latest) > SILENCE:
            self._answered = now
        self._latest = now

    async def wait_after(self, error: TelegramError) -> None:
        """Wait before the next try. Raises `TokenShared` where another bot was there first."""
        if isinstance(error, Conflict):
            self._demand_first()
            await asyncio.sleep(AGAIN)
        elif isinstance(error, InvalidToken):
            await self._refusals.wait()
        else:
            log.warning("Telegram not reached", fault=named(error))
            await self._backoff.wait()

    def _demand_first(self) -> None:
        """Raise where another program polls with this token, for longer than a killed predecessor could, and was there first."""
        now, fault = self._clock.now(), another_polls()
        first, latest = self._conflicts or (now, now)
        first = first if abs(now - latest) <= FOLLOWS else now
        self._conflicts = (first, now)
        meter().conflicts()
        self._others.note(fault)
        is_established = self._answered is not None and first - self._answered >= ESTABLISHED
        if now - first > self._bears and not is_established:
            raise fault
