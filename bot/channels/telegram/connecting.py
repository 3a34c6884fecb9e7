"""The connection to Telegram: the bot introduces itself, and waits until no other program polls with its token.

Two bots with one token, each with its own store, would share out people's acts at random, and each would treat the
other's people as strangers. All that Telegram says of another bot is to refuse an open poll (409) when one begins.
"""

import asyncio
import contextlib
import math
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.polling import (
    FIRST_WAIT,
    LONGEST_WAIT,
    PollBackoff,
    Poller,
    TokenRefusals,
    another_polls,
    token_refused,
)
from bot.channels.telegram.reader import UpdateReader
from bot.channels.telegram.request import (
    A_CHAT,
    ADVICE,
    READ_SECONDS,
    AiohttpRequest,
    DirectBot,
    RateLimit,
    Route,
    Unreached,
    heed,
    named,
)
from bot.channels.telegram.sender import TelegramSender
from bot.conversation.talk import Talk
from bot.runtime.background_tasks import Backoff
from bot.runtime.clock import Clock
from bot.runtime.errors import NotReached
from bot.runtime.logs import FaultLog, log
from bot.storage.store import Store
from bot.watch.meter import meter

QUIET = 10.0
"""Seconds for which a newcomer polls without a conflict before it claims its token. Another bot polls again within a
second of a conflict, and Telegram may delay its answer to a conflict by three."""

AT_LEAST = 1.0  # seconds between two polls of a newcomer: while updates are pending, Telegram answers at once
FIRST_PAUSE, LONGEST_PAUSE = 20.0, 3600.0
"""Seconds for which a newcomer stops polling after a conflict, since each poll disturbs the other bot. The pause is up
to twice as long, at random, or two newcomers could go on disturbing each other."""


@dataclass(frozen=True, slots=True)
class Manners:
    """The pace of the bot at Telegram."""

    a_chat: float = A_CHAT  # seconds between two new messages to one chat
    quiet: float = QUIET  # seconds for which a newcomer watches for another bot
    was_accepted: bool = False  # True if Telegram accepted the token in an earlier run, so that a refusal is retried


class Connected:
    """The library's bot and its sender. In the background the bot introduces itself and claims its token."""

    def __init__(self, bot: DirectBot, sender: TelegramSender, backoff: PollBackoff, manners: Manners) -> None:
        self.bot, self.sender = bot, sender
        self._backoff, self._quiet = backoff, manners.quiet
        self._unreached = Backoff(FIRST_WAIT, LONGEST_WAIT)
        self._others = FaultLog("another program polls with this token")
        self._claiming = asyncio.create_task(self._introduce_and_claim(was_accepted=manners.was_accepted))

    def poller(self, conversation: Talk, store: Store | None) -> Poller:
        """Return the listener of a conversation."""
        return Poller(UpdateReader(self.bot, conversation), self.sender, store, backoff=self._backoff)

    async def has_token_to_itself(self, stopped: asyncio.Event) -> None:
        """Return once the token is claimed or the bot stopped. Raise `SettingsFault` if it is refused from the first."""
        # If this is cancelled, the claim runs on.
        stopping = asyncio.create_task(stopped.wait())
        try:
            await asyncio.wait((self._claiming, stopping), return_when=asyncio.FIRST_COMPLETED)
            if self._claiming.done():
                await self._claiming
        finally:
            stopping.cancel()

    def give_way(self) -> None:
        """Claim the token again as a newcomer: another bot was there first."""
        meter().gives_way()
        self._quiet = QUIET
        self._backoff.begin_as_newcomer()
        self._claiming = asyncio.create_task(self._claim())

    async def end(self) -> None:
        """Cancel the claim."""
        self._claiming.cancel()
        await asyncio.gather(self._claiming, return_exceptions=True)

    async def _introduce_and_claim(self, *, was_accepted: bool) -> None:
        """Ask Telegram for the bot's name until it answers, then claim the token."""
        backoff, refusals = Backoff(FIRST_WAIT, LONGEST_WAIT), TokenRefusals()
        while True:
            meter().asks()
            try:
                await self.bot.initialize()
            except InvalidToken:
                if not was_accepted:
                    raise token_refused() from None
                await refusals.wait()
            except RetryAfter as error:
                await heed(error)
            except TelegramError as error:
                log.warning("Telegram not reached", fault=named(error))
                await backoff.wait()
            else:
                break
        refusals.over()
        meter().knows_token()
        await self._claim()

    async def _claim(self) -> None:
        """Return once nobody else has polled for long enough; at once if that is known already."""
        pause = FIRST_PAUSE
        while not await self._is_quiet():
            meter().gives_way()
            self._others.note(another_polls())
            await asyncio.sleep(pause + pause * secrets.randbelow(1000) / 1000)
            pause = min(2 * pause, LONGEST_PAUSE / 2)
        self._others.over()
        self._quiet = 0.0

    async def _is_quiet(self) -> bool:
        """Poll for long enough, and return False as soon as another bot polls."""
        loop, left = asyncio.get_running_loop(), self._quiet
        while left > 0:
            begun = loop.time()
            meter().asks()
            # Without an offset, which would confirm updates, and for the kinds of update that the other bot asked for.
            fields = {"timeout": math.ceil(left)}
            try:
                await self.bot.call("getUpdates", fields, read_seconds=left + READ_SECONDS, is_result_read=False)
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


@contextlib.asynccontextmanager
async def connected(token: str, route: Route, *, clock: Clock, manners: Manners) -> AsyncIterator[Connected]:
    """Yield the bot of a token, which begins to claim it."""
    asking, polling = AiohttpRequest(route), AiohttpRequest(route)
    bot = DirectBot(token, base_url=f"{route.api}/bot", request=asking, get_updates_request=polling)
    backoff = PollBackoff(clock)
    if manners.quiet:
        backoff.begin_as_newcomer()
    telegram = Connected(bot, TelegramSender(bot, RateLimit(time.monotonic, a_chat=manners.a_chat)), backoff, manners)
    try:
        yield telegram
    finally:
        await telegram.end()
        await asyncio.gather(asking.shutdown(), polling.shutdown())


LONGEST_ASKED = 8.0  # seconds to wait for the bot's name


async def answered_as(token: str, route: Route) -> str:
    """Return the bot's public name. Raise `SettingsFault` if the token is refused, or `NotReached`."""
    asking, polling = AiohttpRequest(route), AiohttpRequest(route)
    bot = Bot(token, base_url=f"{route.api}/bot", request=asking, get_updates_request=polling)
    try:
        await asyncio.wait_for(bot.initialize(), LONGEST_ASKED)
    except InvalidToken:
        raise token_refused() from None
    except TimeoutError:
        raise NotReached(f"no answer within {LONGEST_ASKED:.0f} seconds") from None
    except TelegramError as error:
        advice = f". {ADVICE[error.why]}" if isinstance(error, Unreached) else ""
        raise NotReached(f"{named(error)}{advice}") from None
    finally:
        await asyncio.gather(asking.shutdown(), polling.shutdown())
    return bot.username
