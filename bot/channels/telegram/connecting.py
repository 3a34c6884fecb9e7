"""The library's bot, once Telegram has said who it is and that nobody else polls; it waits for as long as Telegram cannot be reached."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.protocol import Hearing
from bot.channels.running import Channel
from bot.channels.telegram.poll_backoff import (
    FIRST_WAIT,
    LONGEST_WAIT,
    PollBackoff,
    TokenRefusals,
    token_refused,
)
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.rate_limit import A_CHAT, RateLimit
from bot.channels.telegram.reaching.request import AiohttpRequest, DirectBot, Route
from bot.channels.telegram.reaching.retry import heed
from bot.channels.telegram.reaching.unreached import named
from bot.channels.telegram.reader import UpdateReader
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.token_claim import QUIET, TokenClaim
from bot.runtime.backoff import Backoff
from bot.runtime.clock import Clock
from bot.runtime.logs import log
from bot.storage.parts import ChannelNotes
from bot.watch.meter import meter


@dataclass(frozen=True, slots=True)
class Manners:
    """Seconds between two new messages to one chat, and for how many a newcomer sees whether another bot polls; and whether Telegram
    accepted the token in a run before, so that it is asked again where it refuses it now.
    """

    a_chat: float = A_CHAT
    quiet: float = QUIET
    was_accepted: bool = False


class Connected:
    """The library's bot, and what sends for it for as long as it runs. Meanwhile it asks who it is, and whether it is alone with its
    token.
    """

    def __init__(self, bot: DirectBot, sender: TelegramSender, backoff: PollBackoff, manners: Manners) -> None:
        self.bot, self.sender = bot, sender
        self._backoff, self._claim = backoff, TokenClaim(bot, manners.quiet)
        self._claiming = asyncio.create_task(self._introduce_and_claim(was_accepted=manners.was_accepted))

    def channel(self, conversation: Hearing, notes: ChannelNotes) -> Channel:
        """Telegram as a channel."""
        poller = Poller(UpdateReader(self.bot, conversation), self.sender, notes, backoff=self._backoff)
        return Channel(poller, self.sender)

    async def has_token_to_itself(self, stopped: asyncio.Event) -> None:
        """Return once nobody else polls with the token, or the bot is stopped. Whoever gives this up stops no claim.

        Raises `SettingsFault` where Telegram refuses the token, and is not known to have accepted it before.
        """
        stopping = asyncio.create_task(stopped.wait())
        try:
            await asyncio.wait((self._claiming, stopping), return_when=asyncio.FIRST_COMPLETED)
            if self._claiming.done():
                await self._claiming
        finally:
            stopping.cancel()

    def give_way(self) -> None:
        """Keep still as a newcomer does: another bot was there first."""
        self._claim.give_way()
        self._backoff.begin_as_newcomer()
        self._claiming = asyncio.create_task(self._claim.make())

    async def end(self) -> None:
        """Give up what is under way."""
        self._claiming.cancel()
        await asyncio.gather(self._claiming, return_exceptions=True)

    async def _introduce_and_claim(self, *, was_accepted: bool) -> None:
        await _introduce(self.bot, was_accepted=was_accepted)
        await self._claim.make()


@contextlib.asynccontextmanager
async def connected(token: str, route: Route, *, clock: Clock, manners: Manners) -> AsyncIterator[Connected]:
    """The bot of a token, which begins to ask for it."""
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


async def _introduce(bot: DirectBot, *, was_accepted: bool) -> None:
    """Ask Telegram who the bot is, until it says so. Raises `SettingsFault` where it does not know the token, and never did."""
    backoff, refusals = Backoff(FIRST_WAIT, LONGEST_WAIT), TokenRefusals()
    while True:
        meter().asks()
        try:
            await bot.initialize()
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
            refusals.over()
            meter().knows_token()
            return
