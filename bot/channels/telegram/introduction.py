"""The library's bot, made and introduced to Telegram: who it is, waited for as long as Telegram cannot be reached."""

import asyncio
import contextlib
import warnings
from collections.abc import AsyncIterator

import structlog
from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.poll_backoff import FIRST_WAIT, LONGEST_WAIT, token_refused
from bot.channels.telegram.request import AiohttpRequest
from bot.runtime.settings import Settings

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def introduced(settings: Settings, stopped: asyncio.Event) -> AsyncIterator[Bot]:
    """The bot, once Telegram has said who it is or `stopped` is set; its connections are closed at the end."""
    assert settings.telegram_token is not None
    warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'")  # we read updates raw, one at a time
    asking, polling = AiohttpRequest(), AiohttpRequest()
    bot = Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api}/bot",
        request=asking,
        get_updates_request=polling,
    )
    introduction, stopping = asyncio.create_task(_introduce(bot)), asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait((introduction, stopping), return_when=asyncio.FIRST_COMPLETED)
        if introduction.done():
            await introduction
        yield bot
    finally:
        introduction.cancel()
        stopping.cancel()
        await asyncio.gather(asking.shutdown(), polling.shutdown())


async def _introduce(bot: Bot) -> None:
    """Ask Telegram who the bot is, until it says so. Raises `SettingsFault` where it does not know the token."""
    wait = FIRST_WAIT
    while True:
        try:
            await bot.initialize()
            return
        except InvalidToken:
            raise token_refused() from None
        except RetryAfter as error:
            seconds = error.retry_after
            await asyncio.sleep(seconds if isinstance(seconds, int) else seconds.total_seconds())
        except TelegramError as error:
            log.warning("Telegram not reached", fault=type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
