"""How long to go on asking Telegram after a failure, and when to give up: a token refused, or another bot that polls."""

import asyncio
import secrets
from datetime import datetime, timedelta

from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.telegram.reaching.unreached import named
from bot.runtime.backoff import Backoff
from bot.runtime.clock import Clock
from bot.runtime.errors import InUse, SettingsFault
from bot.runtime.logs import FaultLog, log

CONFLICTS_LAST = timedelta(seconds=30)
"""A killed predecessor's question lingers for one long poll; conflicts that go on for longer are another program's."""

MOST_LOTS = 15
"""Up to so many seconds more, drawn at random: of two that were started at the same moment one is to give up first."""

ESTABLISHED = timedelta(minutes=1)
"""A bot that was answered for so long before the first conflict goes on: the later one is to give up."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0
"""Seconds between tries while Telegram cannot be reached."""


def token_refused() -> SettingsFault:
    """What to do about a token that Telegram does not know."""
    return SettingsFault("SERAF_TELEGRAM_TOKEN: Telegram refuses this token; copy it again from @BotFather")


class PollBackoff:
    """Waits after one failure and the next, and gives up where no try can succeed."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._backoff = Backoff(FIRST_WAIT, LONGEST_WAIT)
        self._answered: datetime | None = None
        self._conflicts: tuple[datetime, datetime] | None = None
        self._last = CONFLICTS_LAST + timedelta(seconds=secrets.randbelow(MOST_LOTS))
        self._others = FaultLog("another program polls with this token")

    def reset(self) -> None:
        """Begin with the first wait again. Conflicts are remembered, since two bots may each get an answer now and then."""
        self._backoff.reset()
        self._answered = self._answered or self._clock.now()

    async def wait_after(self, error: TelegramError) -> None:
        """Wait before the next try. Raises `SettingsFault` where no further try can succeed, `InUse` where another was there first."""
        if isinstance(error, Conflict):
            self._check_alone()
        else:
            log.warning("Telegram not reached", fault=named(error))
        if isinstance(error, InvalidToken):
            await self._check_token()
        await self._backoff.wait()

    async def _check_token(self) -> None:
        """Ask once more who the bot is, since a page of a proxy looks like a refused token."""
        await asyncio.sleep(self._backoff.seconds)
        try:
            await self._bot.get_me()
        except InvalidToken:
            raise token_refused() from None
        except TelegramError:
            return

    def _check_alone(self) -> None:
        """Raise where another program polls with this token, for longer than a killed predecessor could, and was there first."""
        now = self._clock.now()
        first, latest = self._conflicts or (now, now)
        first = first if abs(now - latest) <= CONFLICTS_LAST else now
        self._conflicts = (first, now)
        fault = InUse(
            "Another program polls with this token. Stop it. The one that came later ends, and may be started again then"
        )
        self._others.note(fault)
        is_established = self._answered is not None and first - self._answered >= ESTABLISHED
        if now - first > self._last and not is_established:
            raise fault
