"""The library's bot, once Telegram has said who it is; it waits for as long as Telegram cannot be reached."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.protocol import Hearing
from bot.channels.running import Channel
from bot.channels.telegram.poll_backoff import FIRST_WAIT, LONGEST_WAIT, token_refused
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.rate_limit import RateLimit
from bot.channels.telegram.reaching.request import AiohttpRequest, DirectBot, Route
from bot.channels.telegram.reaching.retry import heed
from bot.channels.telegram.reaching.unreached import named
from bot.channels.telegram.reader import UpdateReader
from bot.channels.telegram.sender import TelegramSender
from bot.runtime.backoff import Backoff
from bot.runtime.logs import log
from bot.storage.parts import ChannelNotes
from bot.watch.meter import meter


@dataclass(frozen=True, slots=True)
class Connected:
    """The library's bot, and what sends for it for as long as it runs."""

    bot: DirectBot
    sender: TelegramSender

    def channel(self, conversation: Hearing, notes: ChannelNotes) -> Channel:
        """Telegram as a channel."""
        return Channel(Poller(UpdateReader(self.bot, conversation), self.sender, notes), self.sender)


@contextlib.asynccontextmanager
async def connected(token: str, route: Route, *, stopped: asyncio.Event, a_chat: float) -> AsyncIterator[Connected]:
    """The bot of a token, connected unless it was stopped before; `a_chat` is the seconds between two new messages to one chat.

    Raises `SettingsFault` where Telegram refuses the token.
    """
    asking, polling = AiohttpRequest(route), AiohttpRequest(route)
    bot = DirectBot(token, base_url=f"{route.api}/bot", request=asking, get_updates_request=polling)
    introduction, stopping = asyncio.create_task(_introduce(bot)), asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait((introduction, stopping), return_when=asyncio.FIRST_COMPLETED)
        if introduction.done():
            await introduction
        yield Connected(bot, TelegramSender(bot, RateLimit(time.monotonic, a_chat=a_chat)))
    finally:
        introduction.cancel()
        stopping.cancel()
        await asyncio.gather(asking.shutdown(), polling.shutdown())


async def _introduce(bot: DirectBot) -> None:
    """Ask Telegram who the bot is, until it says so. Raises `SettingsFault` where it does not know the token."""
    backoff = Backoff(FIRST_WAIT, LONGEST_WAIT)
    while True:
        meter().asks()
        try:
            await bot.initialize()
        except InvalidToken:
            raise token_refused() from None
        except RetryAfter as error:
            await heed(error)
        except TelegramError as error:
            log.warning("Telegram not reached", fault=named(error))
            await backoff.wait()
        else:
            return
