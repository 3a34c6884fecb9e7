"""Whether a bot has its token to itself: a newcomer confirms, answers and removes nothing before that is known.

Two bots with one token and a store each would take turns with what people do, and tell each other's people that they are strangers.
Telegram refuses a poll that waits (409) once another one begins to wait; it says nothing else of the other bot.
"""

import asyncio
import math
import secrets

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.poll_backoff import FIRST_WAIT, LONGEST_WAIT, another_polls
from bot.channels.telegram.reaching.request import READ_SECONDS, DirectBot
from bot.channels.telegram.reaching.retry import heed
from bot.channels.telegram.reaching.unreached import named
from bot.runtime.backoff import Backoff
from bot.runtime.logs import FaultLog, log
from bot.watch.meter import meter

QUIET = 10.0
"""Seconds for which a newcomer polls without a conflict before it takes its token for its own. Another bot asks again within a second
of a conflict, and Telegram may hold back its answer to a conflict for three."""

AT_LEAST = 1.0
"""Seconds between two polls of a newcomer: while updates wait, Telegram answers at once."""

FIRST_PAUSE, LONGEST_PAUSE = 20.0, 3600.0
"""Seconds for which a newcomer leaves the other bot alone after a conflict, since each poll disturbs it; up to twice as long, at random,
or two newcomers could go on disturbing each other.
"""


class TokenClaim:
    """Polls until the bot has its token to itself, and touches nothing meanwhile."""

    def __init__(self, bot: DirectBot, quiet: float) -> None:
        """`quiet` is the seconds without a conflict, none for a bot that has polled just now."""
        self._bot = bot
        self._quiet = quiet
        self._unreached = Backoff(FIRST_WAIT, LONGEST_WAIT)
        self._others = FaultLog("another program polls with this token")

    async def make(self) -> None:
        """Return once nobody else has polled for long enough; at once where that is known, and nothing has shown otherwise since."""
        pause = FIRST_PAUSE
        while not await self._is_quiet():
            meter().gives_way()
            self._others.note(another_polls())
            await asyncio.sleep(pause + pause * secrets.randbelow(1000) / 1000)
            pause = min(2 * pause, LONGEST_PAUSE / 2)
        self._others.over()
        self._quiet = 0.0

    def give_way(self) -> None:
        """Begin as a newcomer the next time: another bot was there first."""
        meter().gives_way()
        self._quiet = QUIET

    async def _is_quiet(self) -> bool:
        """Poll for long enough; false as soon as another bot polls. What is handed out is left unconfirmed: it comes again."""
        loop, left = asyncio.get_running_loop(), self._quiet
        while left > 0:
            begun = loop.time()
            try:
                await self._poll(left)
            except Conflict:
                return False
            except RetryAfter as error:
                await heed(error)
            except TelegramError as error:
                if isinstance(error, InvalidToken):
                    meter().knows_token(False)
                log.warning("Telegram not reached", fault=named(error))
                await self._unreached.wait()
            else:
                self._unreached.reset()
                meter().knows_token()
                await asyncio.sleep(max(0.0, min(AT_LEAST, left) - (loop.time() - begun)))
                left -= loop.time() - begun
        return True

    async def _poll(self, seconds: float) -> None:
        """Ask with no offset, which would confirm, and for no other kinds of update than the other bot has asked for."""
        meter().asks()
        fields = {"timeout": math.ceil(seconds)}
        await self._bot.call("getUpdates", fields, read_seconds=seconds + READ_SECONDS, is_result_read=False)
